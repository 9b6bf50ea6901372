/** What has become of a node while it was not seen. */
import type { Head, Status } from '../node/answers.js';
import { api, Refusal } from '../node/api.js';
import type { Change } from './connection.js';

/**
 * Asks the node that answers now.
 *
 * @param head what was shown last of its chain
 * @param owner the node that it was
 */
export async function changeSince(head: Head, owner: Status): Promise<Change> {
  const status = await api.status();
  if (owner.peer_id !== status.peer_id || owner.network_id !== status.network_id) return 'other-node';
  if (!(await isInChain(head.hash))) return 'different';
  return status.head === head.hash ? 'same' : 'longer';
}

async function isInChain(hash: string): Promise<boolean> {
  try {
    await api.block(hash);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return false;
    throw error;
  }
}
