import type { Stream } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { MAX_STREAM_UNREAD_BYTES } from '../src/network/constants.js';
import { Valve } from '../src/valve.js';
import { startTwoHosts } from './helpers/hosts.js';
import { ISOLATED } from './network/support.js';

const PROTOCOL = '/pour/1.0.0';
/** More than may wait unread, several times. */
const POURED_BYTES = 8 * MAX_STREAM_UNREAD_BYTES;

describe.skipIf(!ISOLATED)('a stream that is read bit by bit', () => {
  it('is stopped again by who is handed what had arrived, and brings all there is', async () => {
    const [writer, reader] = await startTwoHosts();
    let taken = 0;
    await reader.handle(PROTOCOL, (stream) => {
      const valve = new Valve(stream);
      stream.addEventListener('message', ({ data }) => {
        taken += data.byteLength;
        valve.close();
        setTimeout(() => valve.open(), 2);
      });
    });
    const stream = await writer.dialProtocol(reader.getMultiaddrs(), PROTOCOL);
    await pour(stream);
    await expect.poll(() => taken, { timeout: 20_000 }).toBe(POURED_BYTES);
    expect(stream.status).toBe('open');
  });
});

async function pour(stream: Stream): Promise<void> {
  const part = Buffer.alloc(1 << 16);
  for (let left = POURED_BYTES; left > 0; left -= part.length)
    if (!stream.send(part) && stream.writableNeedsDrain)
      await new Promise((resolve) => {
        stream.addEventListener('drain', resolve, { once: true });
        stream.addEventListener('close', resolve, { once: true });
      });
}
