/**
 * Which names this node answers to. A page whose name its owner points at this machine (DNS rebinding) has the browser
 * send that name; so a name that is not ours is refused. An address cannot be pointed elsewhere.
 */
import { isIPv6 } from 'node:net';
import { quote } from '../../quote.js';
import { unmapped, withoutZone } from '../plain-host.js';
import { Problem } from '../problem.js';

/** What some clients send with an address: over which interface of theirs they reach us. */
const ZONE = /^(\[[0-9a-f:.]+)%[^[\]\s]+\]/;
/** A name or address, in ASCII as a client sends it. */
const ALLOWABLE = /^(\[[0-9a-f:.]+\]|[\w-][\w.-]*)(:\d{1,5})?$/i;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/;

export class OwnHosts {
  readonly #port: number;
  readonly #names: ReadonlySet<string>;
  readonly #allowed: ReadonlySet<string>;

  /**
   * @param port ours: where a request names a port, it must be this one
   * @param bound the address or name bound to
   * @param allowed names that others reach us by, as behind a proxy: with any port, or with the one they have here
   */
  constructor(port: number, bound: string, allowed: readonly string[]) {
    this.#port = port;
    this.#names = new Set([...LOOPBACK_NAMES, inUrl(bound)]);
    this.#allowed = new Set(allowed.map(inUrl));
  }

  /**
   * The origins of pages that are ours, for a request that was sent to this host.
   *
   * @param localAddress of the machine's addresses, the one that the request came to
   * @throws Problem 400 without a host, 403 where it is none of ours
   */
  originsOf(host: string | undefined, localAddress: string | undefined): string[] {
    if (host === undefined || host === '') {
      throw new Problem(
        400,
        'the request has no Host header: send the name or address you reach this node by',
      );
    }
    const text = host.toLowerCase().replace(ZONE, '$1]');
    const [, written = '', port] = HOST.exec(text) ?? [];
    const name = inUrl(written);
    if (this.#allowed.has(name) || this.#allowed.has(`${name}:${port}`))
      return [`http://${text}`, `https://${text}`];
    const isOurs =
      this.#names.has(name) || (localAddress !== undefined && name === inUrl(unmapped(localAddress)));
    if (isOurs && (port === undefined || Number(port) === this.#port)) return [`http://${text}`];
    throw new Problem(
      403,
      `this node does not answer to the name ${quote(host)}: use localhost or its address with port ${this.#port}, or start it with --allow-host NAME if the name is yours`,
    );
  }
}

/** Whether a client can send this as its Host: nothing else is worth being allowed. */
export function isHost(text: string): boolean {
  return ALLOWABLE.test(text) || (isIPv6(text) && !text.includes('%'));
}

/** An address or name, and its port if it has one, in one way of the many to write it: that of browsers. */
function inUrl(host: string): string {
  const [, address = host, port = ''] = /^\[(.+)\](:\d+)?$/.exec(host) ?? [];
  if (!isIPv6(address)) return host.toLowerCase();
  return `${new URL(`http://[${withoutZone(address)}]`).hostname}${port}`;
}
