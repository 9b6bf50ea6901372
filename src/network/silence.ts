import type { MessageStream } from '@libp2p/interface';
import { SILENCE_MS } from './constants.js';

/** Between two looks, in ms. */
const LOOK_MS = 1_000;

/** The part of a connection that is used. */
type Watched = Pick<MessageStream, 'addEventListener' | 'abort'>;

/**
 * Cuts a connection on which nothing comes any more. Counted are seconds in which this process was there to hear: one
 * that was held up for long, or a laptop that slept, first reads what has come meanwhile.
 */
export function cutWhenSilent(connection: Watched): void {
  let silentMs = 0;
  const timer = setInterval(() => {
    silentMs += LOOK_MS;
    if (silentMs >= SILENCE_MS) connection.abort(new Error(`nothing came for ${SILENCE_MS} ms`));
  }, LOOK_MS);
  connection.addEventListener('message', () => {
    silentMs = 0;
  });
  connection.addEventListener('close', () => clearInterval(timer));
}
