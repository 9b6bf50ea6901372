/** A database that is gone with its process. */
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryLevel } from 'memory-level';
import type { Backend, Level } from './database.js';

export class Memory implements Backend {
  readonly place = 'memory';

  async open(): Promise<Level> {
    const level = new PoliteLevel({ valueEncoding: 'buffer' });
    await level.open();
    return level;
  }

  async discard(): Promise<void> {}
}

/** What abstract-level asks of those that implement it. */
interface Implementation {
  _batch(operations: unknown, options: unknown): Promise<void>;
}

/** Nothing in memory takes time: without a pause at each write, who writes block after block would let nobody else have a turn. */
class PoliteLevel extends MemoryLevel<string, Buffer> implements Implementation {
  async _batch(operations: unknown, options: unknown): Promise<void> {
    await turn();
    await (MemoryLevel.prototype as unknown as Implementation)._batch.call(this, operations, options);
  }
}
