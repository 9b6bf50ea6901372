import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byteStream } from '@libp2p/utils';
import { describe, expect, it } from 'vitest';
import * as constants from '../../../protocols/chain/constants.js';
import { decodeBlock } from '../../../src/chain/block.js';
import { decodeTransaction } from '../../../src/chain/transaction.js';
import { BRANCH_IDLE_MS, MAX_LISTED_IDS, SYNC_TURN_MS } from '../../../src/node/constants.js';
import { clientOf, collect, GENESIS, MemorySource, newPeerId, serve } from './support.js';

const folder = join(import.meta.dirname, '../../../protocols/chain');
const readme = await readFile(join(folder, 'README.md'), 'utf8');

function blocksOf(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map(
    ([, text]) => text!,
  );
}

/** A dump's bytes: pairs of hex digits, and after two spaces a note. */
const dumps = blocksOf('hex').map((text) =>
  Buffer.from(text.replaceAll(/ {2}.*$/gm, '').replaceAll(/\s/g, ''), 'hex'),
);
const [headRequest, headAnswer, blocksRequest, blocksAnswer] = dumps as [Buffer, Buffer, Buffer, Buffer];
const [block, transaction] = blocksOf('text').map((text) => Buffer.from(text)) as [Buffer, Buffer];

/** The responder of the example. */
class Responder extends MemorySource {
  override blocks = [block];
  override head() {
    return {
      length: 2,
      hash: decodeBlock(block).hash,
      pending: 1,
      digest: decodeTransaction(transaction).id,
    };
  }
}

/** What a server sends back for these bytes, as it is on the wire. */
async function answerTo(request: Uint8Array): Promise<Buffer> {
  const { open } = await serve(new Responder());
  const { stream } = await open();
  const input = byteStream(stream);
  stream.send(request);
  await stream.close();
  const chunks: Uint8Array[] = [];
  for (let chunk = await input.read(); chunk; chunk = await input.read()) chunks.push(chunk.subarray());
  return Buffer.concat(chunks);
}

/** A client whose peer answers with these bytes, and what it sent to get them. */
function recording(answer: Uint8Array) {
  const sent: Uint8Array[] = [];
  const { client } = clientOf(async (stream) => {
    const input = byteStream(stream);
    for (let chunk = await input.read(); chunk; chunk = await input.read()) sent.push(chunk.subarray());
    stream.send(answer);
    await stream.close();
  });
  return { client, sent: () => Buffer.concat(sent).toString('hex') };
}

describe('the specification', () => {
  it('has the messages of messages.proto', async () => {
    expect(blocksOf('proto')).toEqual([(await readFile(join(folder, 'messages.proto'), 'utf8')).trimEnd()]);
  });

  it('lists every limit with its value, and none that is gone', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| ([\d,]+)(?: ms)? +\|/gm)];
    const listed = Object.fromEntries(
      rows.map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))]),
    );
    const { CHAIN_PROTOCOL: _protocol, TIMEOUTS, ...limits } = constants;
    // Of the follower's those that are plain numbers.
    expect(listed).toEqual({ ...limits, ...TIMEOUTS, BRANCH_IDLE_MS, MAX_LISTED_IDS, SYNC_TURN_MS });
  });

  it('names the ids and hashes of its example', () => {
    expect(readme).toContain(`the hash \`${decodeBlock(block).hash}\``);
    expect(readme).toContain(`the id \`${decodeTransaction(transaction).id}\``);
  });

  it('shows the bytes that a client sends, and what it understands of those it gets', async () => {
    const peer = await newPeerId();
    const mine = { length: 1, hash: GENESIS, pending: 0, digest: '0'.repeat(64) };
    const head = recording(headAnswer);
    expect(await head.client.head(peer, mine)).toEqual(new Responder().head());
    expect(head.sent()).toBe(headRequest.toString('hex'));
    const blocks = recording(blocksAnswer);
    const received = (await collect(blocks.client.blocks(peer, [GENESIS]))).flat();
    expect(received.map((each) => Buffer.from(each).toString())).toEqual([block.toString()]);
    expect(blocks.sent()).toBe(blocksRequest.toString('hex'));
  });

  it('shows the bytes that a server answers', async () => {
    expect((await answerTo(headRequest)).toString('hex')).toBe(headAnswer.toString('hex'));
    expect((await answerTo(blocksRequest)).toString('hex')).toBe(blocksAnswer.toString('hex'));
  });
});
