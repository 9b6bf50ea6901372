// Programs among the tests, in TypeScript: bundled, since Node runs none as it is, then run.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = new URL('../', import.meta.url);

/** Worker threads load a file of their own, that is not in the bundle: the built one. */
const builtWorker = {
  name: 'built-worker',
  setup: ({ onLoad }) =>
    onLoad({ filter: /src\/mining\/pool\.ts$/ }, async ({ path }) => {
      const built = JSON.stringify(new URL('dist/src/mining/worker.js', ROOT).href);
      return { contents: (await readFile(path, 'utf8')).replace("'./worker.js'", built), loader: 'ts' };
    }),
};

/**
 * @param {string} entry - beside this package's root
 * @param {Record<string, string>} alias - modules that others stand in for
 * @returns {Promise<string>} the file to run; within the package, so that its dependencies are found from there
 */
export async function bundled(entry, alias = {}) {
  const outfile = fileURLToPath(
    new URL(`node_modules/.cache/gossipchain/${entry.replace(/\.ts$/, '.js')}`, ROOT),
  );
  await build({
    entryPoints: [fileURLToPath(new URL(entry, ROOT))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    alias,
    plugins: [builtWorker],
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * Runs a command to its end, and ends it when this process is told to end.
 *
 * @param {string[]} command
 * @returns {Promise<number>} its exit code
 */
export function ran([file, ...args], env = process.env) {
  const child = spawn(file, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
