import type { MessageStream } from '@libp2p/interface';
import { SILENCE_S } from './constants.js';

/** The part of a connection that is used. */
type Watched = Pick<MessageStream, 'addEventListener' | 'abort'>;

/**
 * Cuts a connection on which nothing comes any more. Counted are seconds in which this process was there to hear: one
 * that was held up for long, or a laptop that slept, first reads what has come meanwhile.
 */
export function cutWhenSilent(connection: Watched): void {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (seconds >= SILENCE_S) connection.abort(new Error(`nothing came for ${SILENCE_S} s`));
  }, 1_000);
  connection.addEventListener('message', () => {
    seconds = 0;
  });
  connection.addEventListener('close', () => clearInterval(timer));
}
