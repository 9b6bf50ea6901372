// Runs vitest where no test can send a packet off the machine: in a network namespace of its own
// where the system has them. Elsewhere the tests that start whole nodes are skipped, and say so.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { installPackage } from './install-package.js';
import { apart, hasNamespaces } from './namespace.js';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const args = process.argv.slice(2);
const command = [process.execPath, vitest, 'run', ...args];

const isolated = hasNamespaces();
if (!isolated) {
  console.warn(
    'No network namespaces here (they need Linux, unshare and ip): the end-to-end tests are skipped.',
  );
}

// Inside the namespace npm could fetch nothing, so what is tested as installed is installed before.
const wantsPackage =
  isolated &&
  !['unit', 'isolated', 'browser'].some((project) => args.includes(project)) &&
  !args.some((arg) => /^test\/(?!e2e\/(package|examples))/.test(arg));
const installed = wantsPackage ? installPackage() : undefined;

const run = isolated ? apart(command) : { command, env: process.env };
const [file, ...rest] = run.command;
const child = spawn(file, rest, {
  stdio: 'inherit',
  env: { ...run.env, ...(installed?.directory ? { GOSSIPCHAIN_TEST_INSTALLED: installed.directory } : {}) },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  installed?.remove();
  process.exitCode = signal ? 1 : (code ?? 1);
});
