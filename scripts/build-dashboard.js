// Bundles the dashboard to dist/dashboard: one script, one style sheet, one page, and nothing from elsewhere.
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../src/dashboard/', import.meta.url));
const target = fileURLToPath(new URL('../dist/dashboard/', import.meta.url));

await build({
  entryPoints: { app: `${source}main.tsx` },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'linked',
  logLevel: 'warning',
});
copyFileSync(`${source}index.html`, `${target}index.html`);
