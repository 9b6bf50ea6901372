/** Node processes as a user starts them, from the built package, inside the tests' own network namespace. */
import { describe, expect, onTestFinished } from 'vitest';
import { controlUrl, type Finished, launch, NodeProcess, type Status } from '../helpers/node-process.js';
import { scratch } from '../helpers/scratch.js';

export { type Finished, MAIN, type Status } from '../helpers/node-process.js';
export { scratch };

/** Starts whole nodes: only where no packet can leave the machine. */
export const describeNodes = describe.skipIf(process.env.GOSSIPCHAIN_TEST_NAMESPACE !== '1');

/** Runs one command to its end. */
export function run(args: string[], home: string, input?: string): Promise<Finished> {
  const { child, finished } = launch(args, home, input === undefined ? 'ignore' : 'pipe');
  child.stdin?.end(input);
  return finished;
}

export class RunningNode extends NodeProcess {
  /** Starts a node and waits until it answers. Ended with its test, however that ends. */
  static override async start(args: readonly string[] = [], home = scratch()): Promise<RunningNode> {
    const launched = launch(['start', ...args], home);
    onTestFinished(async () => {
      launched.child.kill('SIGKILL');
      await launched.finished;
    });
    return new RunningNode(await controlUrl(launched), args, home, launched);
  }

  /** The same node once more, after it has ended. */
  again(): Promise<RunningNode> {
    return RunningNode.start(this.args, this.home);
  }
}

/** Waits until a condition on a node's status holds. */
export async function untilStatus(
  node: RunningNode,
  holds: (status: Status) => boolean,
  timeout = 30_000,
): Promise<void> {
  await expect.poll(async () => holds(await node.status()), { timeout, interval: 20 }).toBe(true);
}

/** Waits until all nodes have the same head; answers it. */
export async function untilAgreed(nodes: RunningNode[], length: number, timeout = 30_000): Promise<string> {
  await expect
    .poll(
      async () => {
        const all = await Promise.all(nodes.map((node) => node.status()));
        return all.every((status) => status.length === length && status.head === all[0]?.head);
      },
      { timeout, interval: 20 },
    )
    .toBe(true);
  return (await (nodes[0] as RunningNode).status()).head;
}
