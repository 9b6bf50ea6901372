/** Lets a stream's bytes come, or stops them. */
import type { MessageStream } from '@libp2p/interface';

type Flow = Pick<MessageStream, 'pause' | 'resume' | 'status'> & { readonly readStatus?: string };

/**
 * Where libp2p's streams resume (@libp2p/utils 7.4.1), they first hand out what had arrived meanwhile, and only then ask
 * their peer for more: a listener that pauses on what it is handed has its pause undone. The peer goes on sending to
 * somebody who does not read, and the stream is reset for all that waits in it. Here such a pause comes after.
 */
export class Valve {
  #state: 'open' | 'opening' | 'closed' = 'open';
  #isToClose = false;

  constructor(private readonly stream: Flow) {}

  close(): void {
    if (this.#state === 'opening') this.#isToClose = true;
    if (this.#state !== 'open' || !this.#isReadable) return;
    this.#state = 'closed';
    this.stream.pause();
  }

  /** Before it returns, listeners hear of what has arrived meanwhile; they may close it again. */
  open(): void {
    if (this.#state !== 'closed' || !this.#isReadable) return;
    this.#state = 'opening';
    this.#isToClose = false;
    this.stream.resume();
    this.#state = 'open';
    if (this.#isToClose) this.close();
  }

  get #isReadable(): boolean {
    const { status, readStatus } = this.stream;
    return status === 'open' && readStatus !== 'closing' && readStatus !== 'closed';
  }
}
