import type { LanNode } from '../lan/lan-node.js';

/** Of a node's log: levels, stacks, and the line of a program that ends by a mistake of its own. */
const COMPLAINT = /ERROR|FATAL|^\s+at .+:\d+|^gossipchain: /;

/** The lines of one life of a node that no node should ever have to write. */
export function complaintsOf({ host, output }: Pick<LanNode, 'host' | 'output'>): string[] {
  return output
    .split('\n')
    .filter((line) => COMPLAINT.test(line))
    .map((line) => `${host.name}: ${line}`);
}
