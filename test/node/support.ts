/** Nodes within this process, on loopback, ended with their test. */
import { onTestFinished } from 'vitest';
import { createNode, type Node, type NodeOptions } from '../../src/node/index.js';
import { testNetwork } from '../helpers/chains.js';
import { until } from '../helpers/until.js';

export { scratch } from '../helpers/scratch.js';
export { until };

export const NETWORK = testNetwork({ difficulty: 1 });

export async function startNode(options: NodeOptions = {}): Promise<Node> {
  const node = createNode({
    mdns: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    threads: 1,
    network: NETWORK,
    ...options,
  });
  onTestFinished(() => node.stop());
  await node.start();
  return node;
}

/** Nodes that are all connected to the first. */
export async function startConnected(count: number, options: NodeOptions = {}): Promise<Node[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(options)));
  const [first, ...others] = nodes;
  for (const other of others) await other.connect((first as Node).addresses()[0] as string);
  for (const other of others) await until(() => other.peers().length > 0);
  await until(() => (first as Node).peers().length === others.length);
  return nodes;
}

export async function untilAgreed(nodes: readonly Node[], length: number): Promise<void> {
  await until(() => {
    const heads = nodes.map((node) => node.status().head);
    return heads.every((head) => head.length === length && head.hash === heads[0]?.hash);
  });
}

export async function mineBlocks(node: Node, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await node.mine();
}
