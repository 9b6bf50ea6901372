// Bundles the command line into dist/bin: one file is read and compiled in a fraction of the time that 900 take.
// The library (dist/src/index.js) stays as it is, so that who embeds it shares its libp2p.
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { licencesOf } from './licences.js';

const OUT = 'dist/bin';
/** Parts of its library are in our WebAssembly, of which no file is bundled. */
const COMPILED_IN = 'node_modules/assemblyscript/std';
/** Has native code, which it finds beside itself. */
const NATIVE = ['classic-level'];
/** Fastify loads these when first used: the control API has its own ways, and never does. */
const UNUSED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];
const common = { bundle: true, platform: 'node', target: 'node20.19', logLevel: 'warning' };
const IN_COMMONJS = { 'import.meta.url': 'importMetaUrl', 'import.meta.dirname': '__dirname' };
const META_URL = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;";

const { metafile } = await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  outfile: `${OUT}/program.cjs`,
  format: 'cjs',
  external: [...NATIVE, ...UNUSED],
  define: IN_COMMONJS,
  // In the shape in which Node wraps a CommonJS module, for the launcher to call.
  banner: { js: `(function (exports, require, module, __filename, __dirname) { 'use strict'; ${META_URL}` },
  footer: { js: '})' },
  // Names stay as they are, and lines lead to their sources: see original-stack.ts.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
});
await build({ ...common, entryPoints: ['src/mining/worker.ts'], outfile: `${OUT}/worker.js`, format: 'esm' });

const digest = createHash('sha256').update(readFileSync(`${OUT}/program.cjs`));
await build({
  ...common,
  entryPoints: ['src/cli/launcher.ts'],
  outfile: `${OUT}/gossipchain.cjs`,
  format: 'cjs',
  define: { ...IN_COMMONJS, BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)) },
});
chmodSync(`${OUT}/gossipchain.cjs`, 0o755);
writeFileSync(`${OUT}/THIRD-PARTY-LICENCES.txt`, licencesOf([...Object.keys(metafile.inputs), COMPILED_IN]));
