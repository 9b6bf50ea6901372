/** How peers are called on the page. */
import type { Page } from './context.js';

/** The name a peer gave itself, with the end of its id where it may be shared; "this node" for our own. */
export function nameOf({ dashboard, words }: Page, peerId: string): string {
  if (peerId === dashboard.status?.peer_id) return words.thisNode;
  return dashboard.nameOf(peerId) || shortId(peerId);
}

const PEER_ID = /^[1-9A-HJ-NP-Za-km-z]{40,}$/;
/** More of a name, in characters, is not read in passing. */
const LONGEST_NAME = 24;

/** Peer ids all begin alike, and are told apart by their ends; other names by how they begin. */
export function shortId(id: string): string {
  if (PEER_ID.test(id)) return `…${id.slice(-8)}`;
  const characters = [...id];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : id;
}
