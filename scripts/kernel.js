// Compiles the AssemblyScript of the sources into modules of base64, which any bundler and thread finds.
//
//   node scripts/kernel.js           writes them
//   node scripts/kernel.js --check   fails where one differs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KERNELS = [
  {
    source: 'src/mining/assembly/search.ts',
    module: 'src/mining/kernel-module.ts',
    name: 'KERNEL_MODULE',
    // The first 8 KiB are the search's own tables.
    options: ['--enable=simd', '--memoryBase=8192'],
  },
  {
    source: 'src/chain/assembly/plain-block.ts',
    module: 'src/chain/plain-block-module.ts',
    name: 'PLAIN_BLOCK_MODULE',
    // Where it would abort it traps: it imports nothing.
    options: ['--use=abort='],
  },
];

/** @returns {Promise<Uint8Array>} */
async function compiled({ source, options }) {
  let wasm;
  const { error, stderr } = await asc.main(
    [source, '--outFile=wasm', '-O3', '--runtime=stub', '--noAssert', ...options],
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
  if (error) throw new Error(`${source}: ${stderr}`, { cause: error });
  return wasm;
}

for (const kernel of KERNELS) {
  const { source, module, name } = kernel;
  const lines = Buffer.from(await compiled(kernel))
    .toString('base64')
    .match(/.{1,100}/g);
  const text = `// Made of ${source} by \`npm run kernel\`: edit that, not this.

/** The WebAssembly module, in base64. */
export const ${name} =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
  if (!process.argv.includes('--check')) {
    writeFileSync(`${ROOT}${module}`, text);
  } else if (readFileSync(`${ROOT}${module}`, 'utf8') !== text) {
    console.error(`${module} is not what ${source} compiles to: npm run kernel`);
    process.exitCode = 1;
  }
}
