/** How people name another node: by its multiaddr, by the code of its invitation, or by where its control API is. */
import { isJsonObject } from '../../chain/index.js';
import { looksLikeInvitation, MAX_ADDRESS_CHARACTERS } from '../../node/index.js';
import { quote } from '../../quote.js';
import { MAX_REGISTERED_NODES } from '../constants.js';
import { Problem } from '../problem.js';

export type NodeAddress =
  | { readonly kind: 'multiaddr'; readonly text: string }
  | { readonly kind: 'invitation'; readonly text: string }
  /** `url` is the control API's root. */
  | { readonly kind: 'control'; readonly text: string; readonly url: URL };

/** The tutorial's own words. */
const NO_LIST = 'Error: Please supply a valid list of nodes';

/**
 * The nodes of a request `{"nodes": […]}`, each once.
 *
 * @throws Problem 400
 */
export function readNodes(body: unknown): NodeAddress[] {
  if (!isJsonObject(body) || !Array.isArray(body.nodes) || body.nodes.length === 0) {
    throw new Problem(400, NO_LIST);
  }
  const unknown = Object.keys(body).find((key) => key !== 'nodes');
  if (unknown !== undefined) throw noList(`unknown key ${quote(unknown)}, the list's key is "nodes"`);
  if (body.nodes.length > MAX_REGISTERED_NODES) {
    throw noList(`at most ${MAX_REGISTERED_NODES} at a time, not ${body.nodes.length}`);
  }
  const nodes = body.nodes.map(readNode);
  return nodes.filter(({ text }, at) => nodes.findIndex((other) => other.text === text) === at);
}

function readNode(node: unknown): NodeAddress {
  if (typeof node !== 'string') {
    throw noList('each is a text, like "http://192.168.1.20:5000" or "/ip4/192.168.1.20/tcp/4001"');
  }
  const text = node.trim();
  if (looksLikeInvitation(text)) return { kind: 'invitation', text };
  if (text.length > MAX_ADDRESS_CHARACTERS) throw noList(`${quote(text, 40)} is too long to be an address`);
  if (text.startsWith('/')) return { kind: 'multiaddr', text };
  return { kind: 'control', text, url: controlUrl(text) };
}

/** Readers of the tutorial write a node with a scheme or without, with a slash at the end or without. */
function controlUrl(text: string): URL {
  // What is longer is none that anybody means, and would be said back whole.
  const scheme = /^([a-z][a-z0-9+.-]{0,31}):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme.toLowerCase() !== 'http') {
    throw noList(`${quote(text)} is not reached by ${scheme}: control APIs speak http`);
  }
  const url = parse(scheme === undefined ? `http://${text}` : text);
  // Not by the URL, which leaves out the usual port.
  const hasPort = scheme !== undefined || /:\d+\/?$/.test(text);
  if (url === undefined || url.hostname === '' || url.username !== '' || url.password !== '' || !hasPort) {
    throw noList(
      `${quote(text)} is none: write it like http://192.168.1.20:5000, 192.168.1.20:5000 or /ip4/192.168.1.20/tcp/4001`,
    );
  }
  return new URL('/', url);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // what is wrong with it is no use to a reader; the caller says what would be right
  }
}

/** What to answer where one of them is no address. */
export function noList(why: string): Problem {
  return new Problem(400, `${NO_LIST}: ${why}`);
}
