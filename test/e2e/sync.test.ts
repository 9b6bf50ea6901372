/** A long chain that Python made comes in by import and goes out to a new node, while both stay responsive. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { formatCount } from '../../src/cli/format.js';
import { describeNodes, RunningNode, run, scratch, untilAgreed } from './running-node.js';

const LENGTH = 60_000;
const MiB = 1 << 20;

/** The tutorial's own class, as far as it makes blocks; at difficulty 1, on the default genesis. */
const MAKE_CHAIN = `
import hashlib, json, sys, time

def digest(block):
    return hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()

def next_proof(last):
    proof = 0
    while hashlib.sha256(f'{last}{proof}'.encode()).hexdigest()[:1] != '0':
        proof += 1
    return proof

chain = [{'index': 1, 'timestamp': 1506057125.900785, 'transactions': [], 'proof': 100, 'previous_hash': '1'}]
while len(chain) < ${LENGTH}:
    last = chain[-1]
    chain.append({
        'index': len(chain) + 1,
        'timestamp': time.time(),
        'transactions': [{'sender': '0', 'recipient': 'd52ae15cb7df4fe0a6d3ffb57b7734dc', 'amount': 1}],
        'proof': next_proof(last['proof']),
        'previous_hash': digest(last),
    })
json.dump({'chain': chain, 'length': len(chain)}, open(sys.argv[1], 'w'))
print(digest(chain[-1]))
`;

describeNodes(`a chain of ${LENGTH} blocks made by Python`, () => {
  it('is imported, synced to a new node, and neither node grows by more than 64 MiB or falls silent meanwhile', async () => {
    const home = scratch();
    const script = join(home, 'make-chain.py');
    const file = join(home, 'chain.json');
    await writeFile(script, MAKE_CHAIN);
    const { stdout } = await promisify(execFile)('python3', [script, file]);
    const head = stdout.trim();
    const network = ['--network', 'long', '--difficulty', '1'];
    const dataDir = ['--data-dir', join(home, 'data')];
    const imported = await run(['import', file, ...network, ...dataDir], home);
    expect(imported.output).toContain(`the chain has ${formatCount(LENGTH)} blocks`);
    expect(imported.code).toBe(0);

    const holder = await RunningNode.start([...network, ...dataDir, '--port', '0', '--no-mdns']);
    expect(await holder.status()).toMatchObject({ length: LENGTH, head });
    const joiner = await RunningNode.start([
      ...network,
      '--data-dir',
      join(home, 'other'),
      '--port',
      '0',
      '--no-mdns',
    ]);
    const nodes = [holder, joiner];
    const before = await Promise.all(nodes.map((node) => node.memory()));
    const [address] = (await holder.status()).addresses;
    expect((await joiner.post('/nodes/register', { nodes: [address] })).status).toBe(201);

    const answered: number[] = [];
    const peaks = [...before];
    let synced = false;
    const watching = (async () => {
      while (!synced) {
        for (const [i, node] of nodes.entries()) {
          const asked = performance.now();
          await node.status();
          answered.push(performance.now() - asked);
          peaks[i] = Math.max(peaks[i] as number, await node.memory());
        }
      }
    })();
    try {
      expect(await untilAgreed(nodes, LENGTH, 60_000)).toBe(head);
    } finally {
      synced = true;
      await watching;
    }
    answered.sort((a, b) => a - b);
    const grown = peaks.map((peak, i) => (peak - (before[i] as number)) / MiB);
    console.log(
      `status answered in at most ${answered.at(-1)?.toFixed(0)} ms (${answered.length} times); ` +
        `memory grew by ${grown.map((mib) => mib.toFixed(0)).join(' and ')} MiB ` +
        `to ${peaks.map((bytes) => (bytes / MiB).toFixed(0)).join(' and ')} MiB`,
    );
    for (const mib of grown) expect(mib).toBeLessThan(64);
    // V8 by itself has come to 32 here.
    expect(await joiner.youngBytes()).toBeLessThanOrEqual(16 * MiB);
    // A bound against hanging, with room for a busy machine; what it takes is printed.
    expect(answered.at(-1)).toBeLessThan(1_000);
  });
});
