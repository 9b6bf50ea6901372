/** Joins by an invitation: connects to the node that made it, at whichever of its addresses answers. */
import { multiaddr } from '@multiformats/multiaddr';
import { type NetworkSpec, networkId } from '../chain/index.js';
import { lanInterfaces, nearestFirst } from '../network/index.js';
import { withAny } from '../with-any.js';
import { JOIN_ADDRESS_MS } from './constants.js';
import { NodeError } from './errors.js';
import { type Invitation, InvitationError } from './invitation.js';

/**
 * The addresses on a network of this machine come first; each gets some seconds.
 *
 * @param connect to an address, and make sure that the peer there is of our network
 * @returns the peer's id
 * @throws {InvitationError} `stale`, `wrong-network`, `own-invitation`; the signal's reason
 */
export async function joinBy(
  invitation: Invitation,
  connect: (address: string, signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const interfaces = lanInterfaces();
  const addresses = invitation.addresses.map((text) => multiaddr(text));
  addresses.sort((a, b) => nearestFirst(a, b, interfaces));
  const reasons: string[] = [];
  for (const address of addresses) {
    try {
      return await withAny([signal, AbortSignal.timeout(JOIN_ADDRESS_MS)], (either) =>
        connect(address.toString(), either),
      );
    } catch (error) {
      signal.throwIfAborted();
      throwIfHopeless(error);
      reasons.push((error as Error).message);
    }
  }
  throw new InvitationError(
    'stale',
    `the invitation is stale, its node is not where it says (${reasons[0]}): get a new one by "gossipchain invite" on a node that runs`,
  );
}

/** What another address of the same node would not change. */
function throwIfHopeless(error: unknown): void {
  if (error instanceof NodeError && error.code === 'other-network') {
    throw new InvitationError(
      'wrong-network',
      'the node that invited is of another network by now: ask for a new code, by "gossipchain invite"',
      { cause: error },
    );
  }
  if (error instanceof Error && 'code' in error && error.code === 'ourselves') {
    throw new InvitationError(
      'own-invitation',
      "the invitation is this node's own: give it to another node, or get the code of another",
      { cause: error },
    );
  }
}

/** @throws {InvitationError} `wrong-network` */
export function mustBeFor(network: NetworkSpec, invitation: Invitation): void {
  const ours = networkId(network);
  if (ours === invitation.networkId) return;
  const { name, difficulty } = invitation.network;
  throw new InvitationError(
    'wrong-network',
    `the invitation is for another network, ${JSON.stringify(name)} (${invitation.networkId}, difficulty ${difficulty}), and this node's is ${JSON.stringify(network.name)} (${ours}): start a node of that one, by "gossipchain start --join CODE"`,
  );
}
