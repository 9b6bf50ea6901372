/** A CommonJS module whose compiled code is kept in a file. Without that file all is the same, and slower. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const DIGEST_BYTES = 32;

export class CompiledScript {
  /** Whether kept code was found and is in use. */
  readonly wasCompiled: boolean;
  readonly #script: Script;

  /**
   * @param file a function expression with the parameters of Node's own wrapper
   * @param kept where its compiled code is; the name must change with what is in `file`: V8 compares the length only;
   *   undefined where none can be kept
   */
  constructor(
    readonly file: string,
    readonly kept: string | undefined,
  ) {
    const cachedData = kept === undefined ? undefined : readKept(kept, file);
    this.#script = new Script(readFileSync(file, 'utf8'), { filename: file, cachedData });
    this.wasCompiled = cachedData !== undefined && this.#script.cachedDataRejected === false;
    // V8 drops what it has compiled of functions that were not called for some collections: of a start nothing would be left to
    // keep of a node that has run for a day.
    if (!this.wasCompiled && kept !== undefined) setFlagsFromString('--no-flush-bytecode');
  }

  run(): void {
    const module = { exports: {} };
    const run = this.#script.runInThisContext();
    run(module.exports, createRequire(this.file), module, this.file, dirname(this.file));
  }

  /** Keeps what has been compiled so far, for the next run; blocks for 30 to 100 ms. */
  keep(): void {
    if (this.kept === undefined) return;
    // V8 takes compiled code only under the flags it was kept under: those of a start from it.
    setFlagsFromString('--flush-bytecode');
    const code = this.#script.createCachedData();
    const unfinished = `${this.kept}.${process.pid}.new`;
    try {
      mkdirSync(dirname(this.kept), { recursive: true });
      writeFileSync(unfinished, Buffer.concat([digestOf(code, this.file), code]));
      renameSync(unfinished, this.kept);
    } catch {
      // No room, or no right to write: the next start is no faster, and that is all.
      if (existsSync(unfinished)) rmSync(unfinished);
    }
  }
}

/** V8 does not look whether it is damaged, or of a script in another place, whose name would stand in stack traces. */
function readKept(kept: string, file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    const code = bytes.subarray(DIGEST_BYTES);
    return digestOf(code, file).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined; // none yet, or none that may be read
  }
}

function digestOf(code: Buffer, file: string): Buffer {
  return createHash('sha256').update(code).update(file).digest();
}
