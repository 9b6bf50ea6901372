/**
 * Files that were cut off, lost, or in which a bit has flipped: the node says which directory is damaged and what to do, or
 * shows what is whole; it never shows a chain that is not the one it has kept.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createNetwork, readBlock, readChainFile } from '../../src/chain/index.js';
import { openLedger } from '../../src/node/offline.js';
import { durableStore } from '../../src/storage/index.js';
import { describeNodes, RunningNode, run, scratch } from '../e2e/running-node.js';
import { extend, payment, seededNonce } from '../helpers/chains.js';
import { NodeProcess } from '../helpers/node-process.js';

const NETWORK = createNetwork({ name: 'damage', difficulty: 1 });
const PRIVATE = ['--no-mdns', '--port', '0', '--listen', '/ip4/127.0.0.1/tcp/0'];
const LEDGER = ['--network', 'damage', '--difficulty', '1'];
const STACK = /^\s+at .+:\d+/m;
const WAY_OUT =
  /is damaged \(.+\): move it away and start again, the node fetches the chain from its peers anew/;
const LENGTH = 3001;
const PAYMENTS = 50;

type Damage = (file: string) => void;

const lost: Damage = (file) => rmSync(file);
const cutTo =
  (share: number): Damage =>
  (file) =>
    truncateSync(file, Math.floor(readFileSync(file).length * share));
const flippedAt =
  (share: number): Damage =>
  (file) => {
    const bytes = readFileSync(file);
    const at = Math.floor(bytes.length * share);
    bytes[at] = (bytes[at] as number) ^ 0x10;
    writeFileSync(file, bytes);
  };

/** A home with a node's data directory, made once: a chain in tables and in the log, its identity, whom it knows. */
async function made(home: string): Promise<{ identity: string; hashes: string[] }> {
  const data = join(home, 'data');
  const node = await NodeProcess.start(['--data-dir', data, ...LEDGER, ...PRIVATE], home);
  const { peer_id } = await node.status();
  await node.end('SIGTERM');
  const chain = extend([NETWORK.genesis], LENGTH - 1);
  for (const part of [chain.slice(1, 1500), chain.slice(1500)]) {
    await using ledger = await openLedger(data, NETWORK);
    for (let at = 0; at < part.length; at += 100) await ledger.extend(part.slice(at, at + 100));
  }
  const store = durableStore(join(data, 'chain'), NETWORK);
  await store.open();
  for (let seed = 1; seed <= PAYMENTS; seed++) {
    const transaction = payment('alice', 'bob', 1, seededNonce(seed));
    await store.addPending([{ transaction, receivedAt: 0, from: null }]);
  }
  await store.close();
  return { identity: peer_id, hashes: chain.map(({ hash }) => hash) };
}

/** The hashes of a chain's blocks, as far as it is served, and whether that is all of it. */
async function served(url: string): Promise<{ hashes: string[]; isWhole: boolean }> {
  const hashes: string[] = [];
  const answer = await fetch(url);
  if (!answer.ok) return { hashes, isWhole: false };
  try {
    const text = answer.body!.pipeThrough(new TextDecoderStream());
    for await (const block of readChainFile(text)) hashes.push(readBlock(block).hash);
    return { hashes, isWhole: true };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // what came is no block
    return { hashes, isWhole: false };
  }
}

describeNodes('a node whose files are damaged', () => {
  let template: string;
  let identity: string;
  /** The blocks that were stored. */
  let stored: string[];
  beforeAll(async () => {
    template = mkdtempSync(join(tmpdir(), 'gossipchain-damage-'));
    ({ identity, hashes: stored } = await made(template));
    return () => rmSync(template, { recursive: true });
  });

  /** A copy with one file damaged. */
  function damaged(directory: string, name: RegExp, damage: Damage): string {
    const home = scratch();
    cpSync(template, home, { recursive: true });
    const at = join(home, 'data', directory);
    const size = (file: string) => statSync(join(at, file)).size;
    const [file] = readdirSync(at)
      .filter((each) => name.test(each))
      .sort((a, b) => size(b) - size(a));
    expect(file, `${name} in ${at}`).toBeDefined();
    damage(join(at, file as string));
    return home;
  }

  const start = (home: string) => [...PRIVATE, ...LEDGER, '--data-dir', join(home, 'data')];

  it.each<[string, RegExp, string, Damage]>([
    ['CURRENT', /^CURRENT$/, 'lost', lost],
    ['CURRENT', /^CURRENT$/, 'cut off', cutTo(0.5)],
    ['CURRENT', /^CURRENT$/, 'flipped', flippedAt(0.3)],
    ['the manifest', /^MANIFEST/, 'lost', lost],
    ['the manifest', /^MANIFEST/, 'cut off', cutTo(0.5)],
    ['the manifest', /^MANIFEST/, 'flipped', flippedAt(0.3)],
    ['the log', /\.log$/, 'lost', lost],
    ['the log', /\.log$/, 'flipped at its begin', flippedAt(0.01)],
    ['the log', /\.log$/, 'flipped', flippedAt(0.5)],
    ['a table', /\.ldb$/, 'lost', lost],
    ['a table', /\.ldb$/, 'cut off', cutTo(0.5)],
    ['a table', /\.ldb$/, 'empty', cutTo(0)],
  ])(
    'refuses to start in one line where %s (%s) is %s, and names the way out, which helps',
    async (_, name, __, damage) => {
      const home = damaged('chain', name, damage);
      const data = join(home, 'data');
      const doctor = await run(['doctor', '--json', '--data-dir', data, ...LEDGER], home);
      const { code, output } = await run(['start', ...start(home)], home);
      expect(output).toMatch(WAY_OUT);
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(code).toBe(2);
      expect(doctor.output).not.toMatch(STACK);
      const exported = await run(['export', '-', '--data-dir', data, ...LEDGER], home);
      expect(exported.code).toBe(2);
      expect(exported.output).toMatch(WAY_OUT);

      rmSync(join(data, 'chain'), { recursive: true });
      const again = await RunningNode.start(start(home), home);
      expect(await again.status()).toMatchObject({ length: 1, peer_id: identity });
    },
  );

  it.each([0.02, 0.1, 0.2, 0.3])(
    'serves no block that is not what was stored, where a table has a flipped bit at %s of it',
    async (share) => {
      const home = damaged('chain', /\.ldb$/, flippedAt(share));
      const node = await RunningNode.start(start(home), home);
      // Refused at once, or broken off where it is damaged.
      const { hashes, isWhole } = await served(`${node.url}/chain`);
      expect(isWhole).toBe(false);
      expect(hashes).toEqual(stored.slice(0, hashes.length));
      expect(node.output.match(WAY_OUT)).not.toBeNull();
      const [, index] = /block (\d+) is not what was stored/.exec(node.output) ?? [];
      expect(index).toBeDefined();
      const block = await fetch(`${node.url}/blocks/${index}`);
      expect(block.status).toBe(500);
      expect(await block.json()).toMatchObject({ message: expect.stringMatching(WAY_OUT) });
      // What is whole is there, and what comes is kept.
      expect((await node.mine()).index).toBe(LENGTH + 1);
      expect(await node.get('/diagnosis')).toMatchObject({ storage: { trouble: 'damaged' } });
      const doctor = await run(['doctor', '--json', '--url', node.url], home);
      expect(doctor.output).toContain('storage-damaged');

      // A peer that wants the chain gets none that is wrong, and the node says it in no second line.
      const peer = await RunningNode.start([...PRIVATE, ...LEDGER, '--ephemeral']);
      await peer.post('/nodes/register', { nodes: [node.url] });
      await fetch(`${peer.url}/nodes/resolve`);
      const fetched = await served(`${peer.url}/chain`);
      expect(fetched.isWhole).toBe(true);
      expect(fetched.hashes.length).toBeLessThan(LENGTH);
      expect(fetched.hashes).toEqual(stored.slice(0, fetched.hashes.length));
      expect(node.output.split('\n').filter((line) => line.includes('chain-damaged'))).toHaveLength(1);
      expect(node.output).not.toMatch(STACK);
      expect(peer.output).not.toMatch(STACK);
      await node.end('SIGTERM');
      const exported = await run(['export', '-', '--data-dir', join(home, 'data'), ...LEDGER], home);
      expect(exported.code).toBe(2);
    },
  );

  it.each([0, 0.3, 0.7])(
    'takes a log that is cut off at %s of it for one whose last write never ended: what is whole is kept',
    async (share) => {
      const home = damaged('chain', /\.log$/, cutTo(share));
      const node = await RunningNode.start(start(home), home);
      const { length, pending } = await node.status();
      // When the store is opened, what the log of the time before holds goes to tables: in this one are the payments alone.
      expect(length).toBe(LENGTH);
      expect(pending).toBeLessThanOrEqual(PAYMENTS * share);
      expect(pending).toBeGreaterThan(PAYMENTS * share - 5);
      expect(await node.get('/chain')).toMatchObject({ length });
      expect((await node.mine()).index).toBe(LENGTH + 1);
    },
  );

  it.each<[string, Damage]>([
    ['flipped in its first half', flippedAt(0.3)],
    ['flipped in its second half', flippedAt(0.9)],
    ['cut off', cutTo(0.5)],
    ['empty', cutTo(0)],
  ])('refuses to start in one line where its key is %s', async (_, damage) => {
    const home = damaged('.', /^key$/, damage);
    const { code, output } = await run(['start', ...start(home)], home);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toMatch(
      /the file .+key does not hold an Ed25519 key: restore it from a backup, or delete it/,
    );
    expect(code).toBe(2);
  });

  it.each<[string, RegExp, Damage]>([
    ['lost', /^CURRENT$/, lost],
    ['damaged', /^MANIFEST/, flippedAt(0.3)],
    ['damaged', /\.log$/, flippedAt(0.3)],
  ])('starts all the same where the peers it knew are %s (%s)', async (_, name, damage) => {
    const home = damaged('peers', name, damage);
    const node = await RunningNode.start(start(home), home);
    expect(await node.status()).toMatchObject({ length: LENGTH, peer_id: identity });
  });
});
