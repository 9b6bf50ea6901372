import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CompiledScript } from '../../src/cli/compiled-script.js';
import { scratch } from '../helpers/scratch.js';

const SCRIPT = `(function (exports, require, module, __filename) {
  const where = () => [__filename, typeof require('node:path').join];
  globalThis.compiledScriptRan = where();
})`;

const COMPILED_SCRIPT = fileURLToPath(new URL('../../dist/src/cli/compiled-script.js', import.meta.url));
/** Runs a script, and keeps what is compiled of it once there was so much garbage. Says whether it ran from what was kept. */
const RUN = `
const [module, file, kept, garbage] = process.argv.slice(1);
const { CompiledScript } = await import(module);
const script = new CompiledScript(file, kept);
script.run();
for (let i = 0; i < garbage; i++) {
  globalThis.made = Array.from({ length: 100_000 }, (_, i) => ({ i }));
  await new Promise(setImmediate);
}
if (!script.wasCompiled) script.keep();
process.stdout.write(String(script.wasCompiled));
`;

/** In a process of its own. */
async function runApart(file: string, kept: string, garbage: number): Promise<string> {
  // So small a young generation is outlived by what is made: V8 collects all that it has, some fifty times in four hundred.
  const flags = ['--max-semi-space-size=1', '--input-type=module', '--eval', RUN];
  const args = [...flags, COMPILED_SCRIPT, file, kept, String(garbage)];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

function place() {
  const directory = scratch();
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'compiledScriptRan'));
  const file = join(directory, 'script.cjs');
  writeFileSync(file, SCRIPT);
  return { directory, file, kept: join(directory, 'cache', 'kept') };
}

function run(file: string, kept: string): CompiledScript {
  const script = new CompiledScript(file, kept);
  script.run();
  expect(globalThis).toHaveProperty('compiledScriptRan', [file, 'function']);
  Reflect.deleteProperty(globalThis, 'compiledScriptRan');
  return script;
}

describe('a compiled script', () => {
  it('runs as a CommonJS module, and keeps nothing by itself', () => {
    const { file, kept } = place();
    expect(run(file, kept).wasCompiled).toBe(false);
    expect(existsSync(kept)).toBe(false);
  });

  it('runs from what was kept', () => {
    const { file, kept } = place();
    run(file, kept).keep();
    expect(run(file, kept).wasCompiled).toBe(true);
  });

  it('keeps what its start has compiled, however long it has run since', async () => {
    const { file, kept } = place();
    const functions = Array.from(
      { length: 50 },
      (_, i) => `function f${i}(a) { return [a, ${i}, a * ${i}]; } f${i}(1);`,
    );
    writeFileSync(file, `(function () { globalThis.start = () => { ${functions.join('\n')} }; start(); })`);
    expect(await runApart(file, `${kept}-soon`, 0)).toBe('false');
    expect(await runApart(file, kept, 400)).toBe('false');
    const soon = statSync(`${kept}-soon`).size;
    expect(soon).toBeGreaterThan(5_000);
    expect(statSync(kept).size).toBeGreaterThan(0.9 * soon);
    expect(await runApart(file, kept, 0), 'is taken by the next').toBe('true');
  });

  it('is compiled anew where what was kept is damaged, anywhere, or cut off', () => {
    const { file, kept } = place();
    run(file, kept).keep();
    const bytes = readFileSync(kept);
    for (const at of [0, 40, bytes.length >> 1, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0xff;
      writeFileSync(kept, damaged);
      expect(run(file, kept).wasCompiled, `byte ${at}`).toBe(false);
    }
    for (const length of [0, 10, bytes.length - 1]) {
      writeFileSync(kept, bytes.subarray(0, length));
      expect(run(file, kept).wasCompiled, `${length} bytes`).toBe(false);
    }
  });

  it('is compiled anew where the same script lies elsewhere: its name stands in stack traces', () => {
    const { directory, file, kept } = place();
    run(file, kept).keep();
    const elsewhere = join(directory, 'elsewhere.cjs');
    writeFileSync(elsewhere, SCRIPT);
    expect(run(elsewhere, kept).wasCompiled).toBe(false);
  });

  it('is compiled anew where the script has another length', () => {
    const { file, kept } = place();
    run(file, kept).keep();
    writeFileSync(file, `${SCRIPT}\n`);
    expect(run(file, kept).wasCompiled).toBe(false);
  });

  it('runs all the same where nothing can be kept', () => {
    const { file, directory } = place();
    const kept = join(file, 'below-a-file');
    expect(() => run(file, kept).keep()).not.toThrow();
    expect(run(file, kept).wasCompiled).toBe(false);
    const taken = join(directory, 'taken');
    mkdirSync(taken);
    expect(() => run(file, taken).keep()).not.toThrow();
    expect(readdirSync(directory).sort()).toEqual(['script.cjs', 'taken']);
  });
});
