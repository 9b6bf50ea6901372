// Compiles the proof search of src/mining/assembly into src/mining/kernel-module.ts, whose bytes any bundler and thread finds.
//
//   node scripts/kernel.js           writes it
//   node scripts/kernel.js --check   fails where it differs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = 'src/mining/assembly/search.ts';
const MODULE = 'src/mining/kernel-module.ts';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

let wasm;
const { error, stderr } = await asc.main(
  // The first 8 KiB are the search's own tables.
  [SOURCE, '--outFile=wasm', '--enable=simd', '-O3', '--runtime=stub', '--noAssert', '--memoryBase=8192'],
  {
    readFile: (name, base) => {
      try {
        return readFileSync(`${base ?? ROOT}/${name}`, 'utf8');
      } catch {
        return null; // the compiler tries several names
      }
    },
    writeFile: (_name, bytes) => {
      wasm = bytes;
    },
  },
);
if (error) throw new Error(`${SOURCE}: ${stderr}`, { cause: error });

const lines = Buffer.from(wasm)
  .toString('base64')
  .match(/.{1,100}/g);
const text = `// Made of ${SOURCE} by \`npm run kernel\`: edit that, not this.

/** The WebAssembly module, in base64. */
export const KERNEL_MODULE =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
if (!process.argv.includes('--check')) {
  writeFileSync(`${ROOT}${MODULE}`, text);
} else if (readFileSync(`${ROOT}${MODULE}`, 'utf8') !== text) {
  console.error(`${MODULE} is not what ${SOURCE} compiles to: npm run kernel`);
  process.exitCode = 1;
}
