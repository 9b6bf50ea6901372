/** A disk of a few MiB, in memory: the tests run in a mount namespace of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export class SmallDisk {
  readonly directory = mkdtempSync(join(tmpdir(), 'gossipchain-disk-'));
  readonly #ballast = join(this.directory, 'ballast');

  /** Gone with the test. */
  constructor(mebibytes: number) {
    this.#mount('-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', this.directory);
    onTestFinished(() => {
      spawnSync('umount', ['-l', this.directory]);
      rmSync(this.directory, { recursive: true });
    });
  }

  /** Leaves room for so many bytes. */
  fill(left: number): void {
    const { bavail, bsize } = statfsSync(this.directory);
    writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  }

  empty(): void {
    truncateSync(this.#ballast);
  }

  makeReadOnly(): void {
    this.#mount('-o', 'remount,ro', this.directory);
  }

  #mount(...args: string[]): void {
    const { status, stderr } = spawnSync('mount', args);
    if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
  }
}
