import type { Connection } from '@libp2p/interface';
import { streamPair } from '@libp2p/utils';
import { expect, it, onTestFinished } from 'vitest';
import { rpcGuard } from '../../../protocols/gossip/index.js';
import { UNCOUNTED } from '../../../src/bounds.js';

const CONNECTION = { remotePeer: { toString: () => 'a peer' }, abort() {} } as unknown as Connection;
/** Of the length that stands before it. */
const FRAME = Uint8Array.of(3, 1, 2, 3);

it('keeps what a peer says before gossipsub listens: the first of it is what the peer subscribes to', async () => {
  const [theirs, ours] = await streamPair();
  onTestFinished(() => theirs.abort(new Error('the test is over')));
  theirs.send(FRAME);
  await expect.poll(() => ours.readBufferLength, { interval: 1 }).toBe(FRAME.length);
  rpcGuard(UNCOUNTED)(ours, CONNECTION, () => {});
  await expect.poll(() => ours.readBufferLength, { interval: 1 }).toBe(0);

  const heard: number[] = [];
  ours.addEventListener('message', ({ data }) => heard.push(...data.subarray()));
  await expect.poll(() => heard).toEqual([...FRAME]);
  theirs.send(FRAME);
  await expect.poll(() => heard).toEqual([...FRAME, ...FRAME]);
});
