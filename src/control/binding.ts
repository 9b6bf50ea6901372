/** The control port: taken before the node is started, so that a taken one is known before any file is touched. */
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { interfaceTable } from '../interface-table.js';
import { isLinkLocal } from '../link-local.js';
import { CLOSE_GRACE_MS, FREE_PORT_ATTEMPTS, PORTS_TO_TRY } from './constants.js';
import { ControlError } from './errors.js';
import { createControlServer } from './http-server.js';
import { bindError, listen } from './listen.js';
import { plainHost } from './plain-host.js';
import { Reception } from './reception.js';

export interface BindOptions {
  /** Address to bind to, with or without the brackets it has in a URL. @default both loopback addresses */
  host?: string | undefined;
  /** 0 for any that is free. */
  port: number;
  /** Whether only this port will do; otherwise the next free one is taken. */
  exact: boolean;
}

/** A port that is ours, and whoever asks there. */
export interface Binding {
  readonly port: number;
  /** The address or name bound to; `127.0.0.1` where none was. */
  readonly host: string;
  /** Whether only this machine can reach it. */
  readonly loopbackOnly: boolean;
  /** Where the API is reached, the best first; without a slash at the end. */
  readonly urls: readonly string[];
  /** Answers requests from now on, those first that came before. */
  serve(handler: RequestListener): void;
  /** Takes no more requests, and ends those under way after a moment of grace. */
  close(): Promise<void>;
}

/** The second is left out where the machine does not have it. */
const LOOPBACK = ['127.0.0.1', '::1'];
const HIGHEST_PORT = 65_535;

/**
 * Binds the control port; requests that come before {@link Binding.serve} wait for it.
 *
 * @throws ControlError `port-taken`, `no-free-port`, `host-not-ours`, `host-link-local`, `host-unknown`, `port-not-allowed`,
 *   `bind-failed`; nothing is bound then
 */
export async function bindControl({ host, port, exact }: BindOptions): Promise<Binding> {
  const hosts = host === undefined || host === 'localhost' ? LOOPBACK : [bindable(host)];
  const reception = new Reception();
  const servers = await (port === 0
    ? bindFree(hosts, reception)
    : exact
      ? bindAll(hosts, port, reception)
      : bindNext(hosts, port, reception));
  return bound(servers, hosts[0] as string, reception);
}

/** @throws ControlError `host-link-local` */
function bindable(host: string): string {
  const plain = plainHost(host);
  if (!isLinkLocal(plain)) return plain;
  throw new ControlError(
    'host-link-local',
    `${host} is a link-local address, which no URL can name: give another address of this machine, or :: for all of them`,
  );
}

/** The first port from `first` on that is free. */
async function bindNext(hosts: readonly string[], first: number, reception: Reception): Promise<Server[]> {
  const last = Math.min(first + PORTS_TO_TRY, HIGHEST_PORT);
  for (let port = first; port <= last; port++) {
    try {
      return await bindAll(hosts, port, reception);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new ControlError(
    'no-free-port',
    `ports ${first} to ${last} are all taken: choose another with --port, or --port 0 for any that is free`,
  );
}

/** A port of the system's choice; the number chosen for one address may be taken on the other. */
async function bindFree(hosts: readonly string[], reception: Reception): Promise<Server[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bindAll(hosts, 0, reception);
    } catch (error) {
      if (!isTaken(error) || attempt >= FREE_PORT_ATTEMPTS) throw error;
    }
  }
}

/** One port on all addresses, or none. */
async function bindAll(hosts: readonly string[], port: number, reception: Reception): Promise<Server[]> {
  const servers: Server[] = [];
  let chosen = port;
  for (const host of hosts) {
    const server = createControlServer(reception.receive);
    try {
      await listen(server, host, chosen);
    } catch (error) {
      // There is an address already: this one is the second loopback address, which not every machine has.
      if (servers.length > 0 && isMissing(error)) continue;
      await Promise.all(servers.map(closeNow));
      throw bindError(error, host, chosen);
    }
    servers.push(server);
    chosen = addressOf(server).port;
  }
  return servers;
}

function isTaken(error: unknown): boolean {
  return error instanceof ControlError && error.code === 'port-taken';
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

function bound(servers: readonly Server[], host: string, reception: Reception): Binding {
  const addresses = servers.map(addressOf);
  let closed: Promise<unknown> | undefined;
  return {
    port: (addresses[0] as AddressInfo).port,
    host,
    loopbackOnly: addresses.every(({ address }) => isLoopback(address)),
    urls: addresses.flatMap(urlsOf),
    serve: (handler) => reception.serve(handler),
    close: async () => {
      closed ??= Promise.all(servers.map(closeSoon));
      await closed;
    },
  };
}

function addressOf(server: Server): AddressInfo {
  return server.address() as AddressInfo;
}

/** Whether only this machine reaches an address, or comes from there. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\./.test(address) || address === '::1';
}

/** Bound to all addresses, it is reached at each of this machine's. */
function urlsOf({ address, port }: AddressInfo): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [urlOf(address, port)];
  const ours = Object.values(interfaceTable() ?? {}).flatMap((interfaces) => interfaces ?? []);
  const reached = ours.filter(
    ({ internal, family, scopeid }) => !internal && (family === 'IPv4' || (address === '::' && !scopeid)),
  );
  return [urlOf('127.0.0.1', port), ...reached.map((one) => urlOf(one.address, port))];
}

function urlOf(address: string, port: number): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

async function closeNow(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

async function closeSoon(server: Server): Promise<void> {
  await new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
    server.closeIdleConnections();
  });
}
