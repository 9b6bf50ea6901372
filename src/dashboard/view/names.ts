/** How peers are called on the page. */
import type { Page } from './context.js';

/** The name a peer gave itself, with the end of its id where it may be shared; "this node" for our own. */
export function nameOf({ dashboard, words }: Page, peerId: string): string {
  if (peerId === dashboard.status?.peer_id) return words.thisNode;
  return dashboard.nameOf(peerId) || shortId(peerId);
}

/** Peer ids all begin alike; other names are shown as they are, if they are short. */
export function shortId(id: string): string {
  return id.length > 24 ? `…${id.slice(-8)}` : id;
}
