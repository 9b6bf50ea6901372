/** A peer of the node that is killed: a node in this process, whose chain is written for it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block, NetworkSpec } from '../../src/chain/index.js';
import { createNode, type Node } from '../../src/node/index.js';
import { openLedger } from '../../src/node/offline.js';

export class Rival implements AsyncDisposable {
  private constructor(readonly node: Node) {}

  /**
   * Starts it with this chain, whatever it had before. Its key and its port stay what they were, so that who was once
   * told of it finds it by itself.
   *
   * @param directory its data directory
   */
  static async start(directory: string, network: NetworkSpec, chain: readonly Block[]): Promise<Rival> {
    await rm(join(directory, 'chain'), { recursive: true, force: true });
    {
      await using ledger = await openLedger(directory, network);
      await ledger.extend(chain.slice(1));
    }
    const node = createNode({
      dataDir: directory,
      network,
      name: 'rival',
      listen: ['/ip4/127.0.0.1/tcp/0'],
      mdns: false,
      threads: 1,
    });
    await node.start();
    return new Rival(node);
  }

  get address(): string {
    return this.node.addresses()[0] as string;
  }

  /** Resolves when somebody is connected. */
  async met(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.node.peers().length > 0) resolve();
      else this.node.once('peer', () => resolve());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.stop();
  }
}
