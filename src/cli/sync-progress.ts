/** Shows a person at a terminal how far a node has come that fetches a long chain. */
import type { Node } from '../node/index.js';
import { formatCount } from './format.js';
import { type Progress, showProgress } from './progress.js';

/** How often it is looked whether there is anything to show, in ms. */
const LOOK_MS = 250;

/** The part of a node that is looked at. */
export type SyncingNode = Pick<Node, 'figures' | 'status' | 'peers'>;

/** @returns ends it */
export function showSyncs(node: SyncingNode): () => void {
  if (!process.stderr.isTTY) return () => {};
  let end: (() => void) | undefined;
  const timer = setInterval(() => {
    if (node.figures().syncing) {
      end ??= showProgress('Syncing', () => progressOf(node));
    } else {
      end?.();
      end = undefined;
    }
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    end?.();
  };
}

function progressOf(node: SyncingNode): Progress {
  const { length } = node.status().head;
  const total = Math.max(length, ...node.peers().map((peer) => peer.length ?? 0));
  return { done: length, total, text: `${formatCount(length)} of ${formatCount(total)} blocks` };
}
