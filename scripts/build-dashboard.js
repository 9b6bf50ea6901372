// Bundles the dashboard to dist/dashboard: one script, one style sheet, one page, and nothing from elsewhere.
import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.js';

const source = fileURLToPath(new URL('../src/dashboard/', import.meta.url));
const target = fileURLToPath(new URL('../dist/dashboard/', import.meta.url));

const { metafile } = await build({
  entryPoints: { app: `${source}main.tsx` },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none', // the whole texts stand in their own file
  logLevel: 'warning',
  metafile: true,
});
writeFileSync(`${target}THIRD-PARTY-LICENCES.txt`, licencesOf(Object.keys(metafile.inputs)));
copyFileSync(`${source}index.html`, `${target}index.html`);
