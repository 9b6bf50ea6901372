/** Shows a person at a terminal how far a node has come that fetches a long chain. */
import { type Node, NodeError } from '../node/index.js';
import { formatCount } from './format.js';
import { type Progress, showProgress } from './progress.js';
import { canRedraw } from './terminal.js';

/** How often it is looked whether there is anything to show, in ms. */
const LOOK_MS = 250;

/** The part of a node that is looked at. */
export type SyncingNode = Pick<Node, 'figures' | 'status' | 'peers'>;

/** @returns ends it */
export function showSyncs(node: SyncingNode): () => void {
  if (!canRedraw(process.stderr)) return () => {};
  let end: (() => void) | undefined;
  let shown: Progress;
  const timer = setInterval(() => {
    const progress = progressOf(node);
    if (progress !== undefined) {
      shown = progress;
      end ??= showProgress('Syncing', () => shown);
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

/** @returns undefined where nothing is fetched */
function progressOf(node: SyncingNode): Progress | undefined {
  try {
    if (!node.figures().syncing) return undefined;
    const { length } = node.status().head;
    const total = Math.max(length, ...node.peers().map((peer) => peer.length ?? 0));
    return { done: length, total, text: `${formatCount(length)} of ${formatCount(total)} blocks` };
  } catch (error) {
    // It opens its chain anew, as when its disk has room again.
    if (error instanceof NodeError && error.code === 'not-running') return undefined;
    throw error;
  }
}
