// Runs vitest where no test can send a packet off the machine: in a network namespace of its own
// (loopback up and multicast-routed), where the system has them. Elsewhere the tests that start
// whole nodes are skipped, and say so.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SET_UP = 'ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo';
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const command = [process.execPath, vitest, 'run', ...process.argv.slice(2)];

const isolated =
  process.platform === 'linux' && spawnSync('unshare', ['-rn', 'sh', '-c', SET_UP], { stdio: 'ignore' }).status === 0;
if (!isolated) {
  console.warn('No network namespaces here (they need Linux, unshare and ip): the end-to-end tests are skipped.');
}

const [file, ...args] = isolated ? ['unshare', '-rn', 'sh', '-c', `${SET_UP} && exec "$@"`, 'sh', ...command] : command;
const child = spawn(file, args, {
  stdio: 'inherit',
  env: { ...process.env, ...(isolated ? { GOSSIPCHAIN_TEST_NAMESPACE: '1' } : {}) },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
