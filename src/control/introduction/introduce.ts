/** Makes our node and those that are named peers of one another. */
import { once } from 'node:events';
import { DialError, InvitationError, NodeError, type PeerEvent } from '../../node/index.js';
import { quote } from '../../quote.js';
import { withAny } from '../../with-any.js';
import { ANNOUNCE_TIMEOUT_MS, DIAL_TIMEOUT_MS, MAX_DIALLED_ADDRESSES } from '../constants.js';
import type { ControlledNode } from '../controlled-node.js';
import { invitationProblem } from '../invitation-problem.js';
import { Problem } from '../problem.js';
import { askHealth, type Health, HealthError } from './health.js';
import { type NodeAddress, noList } from './node-address.js';

/** The part of our node that is used. */
export type Introducer = Pick<
  ControlledNode,
  'connect' | 'join' | 'networkId' | 'peerId' | 'peers' | 'on' | 'off'
>;

/**
 * Connects to every node that is named, all at once; those that can be reached stay connected, whatever becomes of the others.
 *
 * @throws Problem 400 an address is none, or our own, or a code is damaged; 409 a node of another network; 502 one cannot be reached; the
 *   signal's reason
 */
export async function introduce(
  node: Introducer,
  addresses: readonly NodeAddress[],
  signal: AbortSignal,
): Promise<void> {
  const outcomes = await Promise.allSettled(addresses.map((address) => connectTo(node, address, signal)));
  signal.throwIfAborted();
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const mistake = failures.find((failure) => !(failure instanceof Problem));
  if (mistake !== undefined) throw mistake;
  if (failures.length > 0) throw together(failures as Problem[], addresses.length);
}

function together(failures: readonly Problem[], asked: number): Problem {
  const [first] = failures as [Problem];
  const statusCode = failures.every((failure) => failure.statusCode === first.statusCode)
    ? first.statusCode
    : 502;
  const reasons = failures.map(({ message }) => message).join('; ');
  return new Problem(
    statusCode,
    asked > failures.length ? `${reasons} (the other nodes were added)` : reasons,
  );
}

async function connectTo(node: Introducer, address: NodeAddress, signal: AbortSignal): Promise<void> {
  const peerId = await reach(node, address, signal);
  if (!(await isAnnounced(node, peerId, signal))) {
    throw new Problem(502, `${quote(address.text)} hung up at once; is it of the same network?`);
  }
}

async function reach(node: Introducer, address: NodeAddress, signal: AbortSignal): Promise<string> {
  const { text } = address;
  if (address.kind === 'multiaddr') return await dial(node, text, signal);
  if (address.kind === 'invitation') return await joinBy(node, text, signal);
  return await connectByControl(node, text, await healthOf(text, address.url, signal), signal);
}

async function joinBy(node: Introducer, code: string, signal: AbortSignal): Promise<string> {
  try {
    return await node.join(code, signal);
  } catch (error) {
    if (error instanceof InvitationError) throw invitationProblem(error);
    throw error;
  }
}

async function healthOf(text: string, url: URL, signal: AbortSignal): Promise<Health> {
  try {
    return await askHealth(url, signal);
  } catch (error) {
    if (error instanceof HealthError) throw new Problem(502, `cannot reach ${quote(text)}: ${error.message}`);
    throw error;
  }
}

async function connectByControl(
  node: Introducer,
  text: string,
  health: Health,
  signal: AbortSignal,
): Promise<string> {
  if (health.networkId !== node.networkId) {
    throw new Problem(
      409,
      `${quote(text)} is of another network, ${health.networkId}; ours is ${node.networkId}: start both with the same --network, --difficulty and --genesis`,
    );
  }
  if (health.peerId === node.peerId) {
    throw new Problem(400, `${quote(text)} is this node itself: give the address of another`);
  }
  const addresses = reachable(health);
  if (addresses.length === 0) {
    throw new Problem(
      502,
      `cannot reach ${quote(text)}: it listens for peers on no address that this machine can dial; start it with --listen /ip4/0.0.0.0/tcp/0`,
    );
  }
  return await dialFirst(node, addresses, signal);
}

/** Its addresses, the one that answered us first; loopback's only where it is on this machine. */
export function reachable({
  addresses,
  isLocal,
  remoteAddress,
}: Pick<Health, 'addresses' | 'isLocal' | 'remoteAddress'>): string[] {
  const isThere = (address: string) => Number(address.includes(`/${remoteAddress}/`));
  return addresses
    .filter((address) => isLocal || !/^\/(ip4\/127\.|ip6\/::1\/)/.test(address))
    .sort((a, b) => isThere(b) - isThere(a))
    .slice(0, MAX_DIALLED_ADDRESSES);
}

/** Dials one address after the other until one answers. @throws Problem of the first, which was the most likely */
async function dialFirst(
  node: Introducer,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  let first: unknown;
  for (const address of addresses) {
    try {
      return await withAny([signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)], (either) =>
        dial(node, address, either),
      );
    } catch (error) {
      signal.throwIfAborted();
      first ??= error;
    }
  }
  throw first;
}

async function dial(node: Introducer, address: string, signal: AbortSignal): Promise<string> {
  try {
    return await node.connect(address, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw dialProblem(error);
  }
}

/** A mistake in the address is who gave it's; the rest is the peer's or the network's. */
function dialProblem(error: unknown): unknown {
  if (error instanceof NodeError && error.code === 'other-network') return new Problem(409, error.message);
  if (!(error instanceof DialError)) return error;
  const { code, message } = error;
  if (code === 'bad-address') return noList(message);
  return new Problem(code === 'ourselves' ? 400 : 502, message);
}

/** A peer is connected a moment before it has said its name and addresses. */
async function isAnnounced(node: Introducer, peerId: string, signal: AbortSignal): Promise<boolean> {
  const isThere = () => node.peers().some((peer) => peer.peerId === peerId);
  return await withAny([signal, AbortSignal.timeout(ANNOUNCE_TIMEOUT_MS)], async (either) => {
    while (!isThere()) {
      try {
        const [event] = (await once(node as never, 'peer', { signal: either })) as [PeerEvent];
        if (event.peerId === peerId && event.change === 'disconnected') return false;
      } catch {
        signal.throwIfAborted();
        return isThere(); // it did not say its name in time
      }
    }
    return true;
  });
}
