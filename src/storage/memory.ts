/** A database that is gone with its process. */
import { MemoryLevel } from 'memory-level';
import type { Backend, Level } from './database.js';

export class Memory implements Backend {
  readonly place = 'memory';

  async open(): Promise<Level> {
    const level = new MemoryLevel<string, Buffer>({ valueEncoding: 'buffer' });
    await level.open();
    return level;
  }

  async discard(): Promise<void> {}
}
