// A network namespace of its own for a command, loopback up and multicast-routed, so that nothing it starts can send a
// packet off the machine; and a mount namespace, so that it can make small disks. Where the system has them.
import { spawnSync } from 'node:child_process';
import { refuse } from './options.js';

const SET_UP = 'ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo';
/** Tells the tests that nodes may be started. */
const NAMESPACED = { GOSSIPCHAIN_TEST_NAMESPACE: '1' };

/** @returns whether commands can be run apart from the network here */
export function hasNamespaces() {
  return (
    process.platform === 'linux' &&
    spawnSync('unshare', ['-rnm', 'sh', '-c', SET_UP], { stdio: 'ignore' }).status === 0
  );
}

/** Ends the program where {@link apart} cannot be. */
export function needNamespaces() {
  if (!hasNamespaces())
    refuse('nodes are started apart from the network only: this needs Linux, unshare and ip');
}

/**
 * The command that runs another one in a namespace of its own.
 *
 * @param {string[]} command
 * @returns {{ command: string[], env: Record<string, string> }}
 */
export function apart(command) {
  return {
    command: ['unshare', '-rnm', 'sh', '-c', `${SET_UP} && exec "$@"`, 'sh', ...command],
    env: { ...process.env, ...NAMESPACED },
  };
}
