import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { MORE_FILES } from '../open-files.js';
import { type ListenAddress, parseListenAddress } from './address.js';
import { writeDurably } from './durable-file.js';
import { ListenError } from './errors.js';

/** Where the TCP port that was chosen once is kept. */
export interface PortMemory {
  /** @returns 1 to 65535, or undefined when none was kept yet */
  get(): Promise<number | undefined>;
  set(port: number): Promise<void>;
}

/** Keeps the port in the file `tcp-port` of a data directory. */
export class PortFile implements PortMemory {
  readonly #file: string;

  constructor(directory: string) {
    this.#file = join(directory, 'tcp-port');
  }

  async get(): Promise<number | undefined> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    // Anything but a port is as good as nothing: another is chosen then.
    const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
    return port > 0 && port <= 65_535 ? port : undefined;
  }

  async set(port: number): Promise<void> {
    await writeDurably(this.#file, `${port}\n`);
  }
}

/** Forgets at once: each start gets another port. */
export const NO_PORT_MEMORY: PortMemory = { get: async () => undefined, set: async () => {} };

/**
 * The addresses to listen on: where the port is left open (0), the one that was chosen before, unless it is taken now.
 *
 * @param listen multiaddrs as the user gave them
 * @throws {ListenError} `bad-address`; or an address with a given port cannot be listened on
 */
export async function listenAddresses(listen: readonly string[], memory: PortMemory): Promise<string[]> {
  const remembered = await memory.get();
  return Promise.all(
    listen.map(async (text) => {
      const { host, port } = parseListenAddress(text);
      if (port !== 0) {
        await assertListenable(text, { host, port });
        return text;
      }
      // Whether the address is ours at all: any port tells.
      await assertListenable(text, { host, port: 0 });
      const usable =
        remembered !== undefined && (await listenFailure({ host, port: remembered })) === undefined;
      return usable ? text.replace(/\/tcp\/0$/, `/tcp/${remembered}`) : text;
    }),
  );
}

/**
 * The port the system chose is kept, unless one was kept before: peers and invitations name that one.
 *
 * @param addresses multiaddrs that the host has come to listen on
 * @param listen multiaddrs as the user gave them
 */
export async function rememberPort(
  addresses: readonly { toString(): string }[],
  listen: readonly string[],
  memory: PortMemory,
): Promise<void> {
  const isOpen = listen.some((text) => parseListenAddress(text).port === 0);
  if (!isOpen || (await memory.get()) !== undefined) return;
  const port = /\/tcp\/(\d+)/.exec(addresses.join(' '))?.[1];
  if (port !== undefined) await memory.set(Number(port));
}

async function assertListenable(text: string, address: ListenAddress): Promise<void> {
  const failure = await listenFailure(address);
  if (failure === undefined) return;
  const { code, advice } = REASONS[failure.code ?? ''] ?? {
    code: 'listen-failed' as const,
    advice: failure.message,
  };
  throw new ListenError(code, text, `cannot listen on ${text}: ${advice}`, { cause: failure });
}

const REASONS: Record<string, { code: ListenError['code']; advice: string } | undefined> = {
  EADDRINUSE: {
    code: 'port-taken',
    advice: 'the port is taken by another program; choose another, or 0 for any',
  },
  EACCES: { code: 'not-allowed', advice: 'this user may not use the port; choose one above 1023' },
  EADDRNOTAVAIL: {
    code: 'address-not-ours',
    advice: 'this machine has no such address; /ip4/0.0.0.0 means all of them',
  },
  EINVAL: {
    code: 'listen-failed',
    advice: 'the system listens on no such address; /ip4/0.0.0.0 means all that this machine has',
  },
  EMFILE: {
    code: 'listen-failed',
    advice: `too many files are open: ${MORE_FILES}`,
  },
  ENFILE: {
    code: 'listen-failed',
    advice: 'too many files are open on this machine; end programs that hold many of them',
  },
};

/** Tries an address and lets it go again. */
function listenFailure({ host, port }: ListenAddress): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    // As libp2p does: else `::` would take the port of all addresses of IPv4, too.
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => server.close(() => resolve(undefined)));
  });
}
