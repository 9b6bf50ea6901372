/** Asks another node's control API who it is and where its peers reach it: once, briefly, and believing little of it. */
import { get, type IncomingMessage } from 'node:http';
import { isJsonObject, JsonError, parseJson } from '../../chain/index.js';
import { MAX_ADDRESS_CHARACTERS } from '../../node/index.js';
import { withAny } from '../../with-any.js';
import { isLoopback } from '../binding.js';
import { HEALTH_TIMEOUT_MS, MAX_HEALTH_BYTES } from '../constants.js';
import { HEALTH } from '../schemas/status.js';

export interface Health {
  readonly networkId: string;
  readonly peerId: string;
  /** Multiaddrs, each with its peer id. */
  readonly addresses: readonly string[];
  /** The address that answered. */
  readonly remoteAddress: string;
  /** Whether it is on this machine. */
  readonly isLocal: boolean;
}

/** Why another node's control API was no help: a part of a sentence. */
export class HealthError extends Error {
  override readonly name = 'HealthError';
}

const NO_NODE = 'what answers there is no gossipchain node (a Python node of the tutorial cannot be a peer)';
const NETWORK_ID = new RegExp(HEALTH.properties.network_id.pattern);
const PEER_ID = new RegExp(HEALTH.properties.peer_id.pattern);

/**
 * 1. asks `/health`, following no redirect;
 * 2. reads at most 64 KiB, within 2 s in all;
 * 3. takes what is well formed of the answer.
 *
 * @throws HealthError; the signal's reason
 */
export async function askHealth(url: URL, signal: AbortSignal): Promise<Health> {
  const timeout = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
  try {
    return await withAny([signal, timeout], async (either) => {
      const response = await request(new URL('/health', url), either);
      const { remoteAddress = '', localAddress } = response.socket;
      const text = await readAnswer(response);
      return {
        ...readHealth(text),
        remoteAddress,
        isLocal: isLoopback(remoteAddress) || remoteAddress === localAddress,
      };
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HealthError) throw error;
    throw new HealthError(
      timeout.aborted ? `no answer within ${HEALTH_TIMEOUT_MS / 1000} s` : reasonOf(error),
    );
  }
}

/** On a connection of its own: nothing is kept open to a host that someone named. */
function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal, headers: { Accept: 'application/json' } };
    get(url, options, resolve).once('error', reject);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Uint8Array> {
  const { statusCode = 0 } = response;
  try {
    if (statusCode !== 200) throw new HealthError(refusal(statusCode));
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > MAX_HEALTH_BYTES) throw new HealthError(NO_NODE);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, bytes);
  } finally {
    response.destroy();
  }
}

function refusal(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400)
    return 'it redirects elsewhere: give the address of the node itself';
  if (statusCode === 403)
    return 'it does not answer to this name: give its address, or start it with --allow-host';
  if (statusCode === 503) return 'it is starting, stopping, or has too much to do';
  return NO_NODE;
}

/** Keys we do not know are let pass: the other node may be of a later version. */
export function readHealth(text: Uint8Array): Pick<Health, 'networkId' | 'peerId' | 'addresses'> {
  const answer = parse(text);
  if (!isJsonObject(answer)) throw new HealthError(NO_NODE);
  const { network_id: networkId, peer_id: peerId, addresses } = answer;
  const isNode =
    typeof networkId === 'string' &&
    NETWORK_ID.test(networkId) &&
    typeof peerId === 'string' &&
    PEER_ID.test(peerId) &&
    Array.isArray(addresses);
  if (!isNode) throw new HealthError(NO_NODE);
  return {
    networkId,
    peerId,
    addresses: addresses.filter(
      (address): address is string =>
        typeof address === 'string' &&
        address.length <= MAX_ADDRESS_CHARACTERS &&
        address.endsWith(`/p2p/${peerId}`),
    ),
  };
}

function parse(text: Uint8Array): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new HealthError(NO_NODE);
    throw error;
  }
}

const REASONS: Record<string, string | undefined> = {
  ECONNREFUSED: 'nobody listens there; is the node running, and the port right?',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'the machine cannot be reached; is it on the same network?',
  ENETUNREACH: 'there is no route to it; is this machine on the same network?',
  ECONNRESET: 'it hung up without an answer',
};

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return (
    REASONS[code] ?? (code.startsWith('HPE_') ? NO_NODE : `it cannot be reached (${code || 'unknown error'})`)
  );
}
