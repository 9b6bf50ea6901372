import { StreamState, type YamuxStream } from '@chainsafe/libp2p-yamux/stream';
import type { StreamMuxer } from '@libp2p/interface';

/** Makes the streams of both sides. libp2p's type of a muxer does not have it. */
interface Maker {
  _newStream(id: number, state: StreamState, direction: 'inbound' | 'outbound'): YamuxStream;
}

/** How many bytes the peer may send: in a full window, and by now. Yamux's type hides them. */
interface Window {
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
}

/**
 * Yamux 8.0.1 lets its peer send more after every frame that it reads: each time a message of 12 bytes, encrypted here and
 * decrypted there, in a sync one for 50 KB. Now a peer hears of more when half of its window is used, as from Go's yamux
 * (github.com/hashicorp/yamux, `sendWindowUpdate`). It never waits for it: the other half is still its own.
 *
 * @param muxer yamux, as it was made
 */
export function sparingly(muxer: StreamMuxer): StreamMuxer {
  const maker = muxer as unknown as Maker;
  const make = maker._newStream.bind(maker);
  maker._newStream = (...init) => {
    const stream = make(...init);
    const update = stream.sendWindowUpdate.bind(stream);
    stream.sendWindowUpdate = () => {
      if (!isOpened(stream) || isHalfUsed(stream as unknown as Window)) update();
    };
    return stream;
  };
  return muxer;
}

/** Before, an update is what opens the stream. */
function isOpened({ state }: YamuxStream): boolean {
  return state !== StreamState.Init && state !== StreamState.SYNReceived;
}

function isHalfUsed({ recvWindow, recvWindowCapacity }: Window): boolean {
  return recvWindowCapacity <= recvWindow / 2;
}
