/** Listening on one address, and what can keep us from it. */
import type { Server } from 'node:http';
import { MORE_FILES } from '../open-files.js';
import { ControlError } from './errors.js';

/** Those below are the system's own on most. */
const FIRST_FREE_PORT = 1024;

/** @throws the system's error, as it is */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** One clear line out of what the system says. */
export function bindError(error: unknown, host: string, port: number): ControlError {
  const { code } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new ControlError('port-taken', `port ${port} is taken on ${host}${remedy(port)}`, options);
    case 'EACCES':
      // Above the ports for the system's own, Windows has ranges reserved for its virtual machines.
      if (port >= FIRST_FREE_PORT)
        return new ControlError(
          'port-taken',
          `port ${port} is held by the system itself: choose another port with --port`,
          options,
        );
      return new ControlError(
        'port-not-allowed',
        `the system does not let this user bind port ${port}: choose one above ${FIRST_FREE_PORT - 1} with --port`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return new ControlError(
        'host-not-ours',
        `${host} is not an address of this machine: give one that it has, or 0.0.0.0 for all of them`,
        options,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ControlError(
        'host-unknown',
        `the host name ${host} is not known: give an address of this machine`,
        options,
      );
    case 'EMFILE':
    case 'ENFILE':
      return new ControlError(
        'bind-failed',
        `cannot bind port ${port} on ${host}, too many files are open: ${MORE_FILES}`,
        options,
      );
    default:
      return new ControlError(
        'bind-failed',
        `cannot bind port ${port} on ${host} (${code ?? String(error)})`,
        options,
      );
  }
}

function remedy(port: number): string {
  const airPlay =
    process.platform === 'darwin' && (port === 5000 || port === 7000)
      ? ' (macOS holds it for AirPlay Receiver: System Settings, General, AirDrop & Handoff)'
      : '';
  return `${airPlay}: stop the program that holds it, or choose another port with --port`;
}
