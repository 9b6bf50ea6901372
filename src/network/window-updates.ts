import { StreamState, type YamuxStream } from '@chainsafe/libp2p-yamux/stream';
import type { StreamMuxer } from '@libp2p/interface';

/** Makes the streams of both sides. libp2p's type of a muxer does not have it. */
interface Maker {
  _newStream(id: number, state: StreamState, direction: 'inbound' | 'outbound'): YamuxStream;
}

/** How many bytes the peer may send: in a full window, and by now. Yamux's type hides them. */
interface Window {
  recvWindow: number;
  readonly recvWindowCapacity: number;
}

/**
 * Yamux 8.0.1 lets its peer send more after every frame that it reads: each time a message of 12 bytes, encrypted here and
 * decrypted there, in a sync one for 50 KB. Now a peer hears of more when half of its window is used, as from Go's yamux
 * (github.com/hashicorp/yamux, `sendWindowUpdate`). It never waits for it: the other half is still its own.
 *
 * And on a stream that we open it hears of a full window at once, in the update that opens it: an answer of the chain
 * protocol is sent without a pause. (Yamux's `initialStreamWindowSize` would tell it nothing, and be taken for its window, too.)
 *
 * @param muxer yamux, as it was made
 * @param ourWindowBytes of the streams that we open; the largest that yamux may give a stream
 */
export function sparingly(muxer: StreamMuxer, ourWindowBytes: number): StreamMuxer {
  const maker = muxer as unknown as Maker;
  const make = maker._newStream.bind(maker);
  maker._newStream = (...init) => {
    const stream = make(...init);
    if (stream.direction === 'outbound') windowOf(stream).recvWindow = ourWindowBytes;
    const update = stream.sendWindowUpdate.bind(stream);
    stream.sendWindowUpdate = () => {
      if (!isOpened(stream) || isHalfUsed(windowOf(stream))) update();
    };
    return stream;
  };
  return muxer;
}

function windowOf(stream: YamuxStream): Window {
  return stream as unknown as Window;
}

/** Before, an update is what opens the stream. */
function isOpened({ state }: YamuxStream): boolean {
  return state !== StreamState.Init && state !== StreamState.SYNReceived;
}

function isHalfUsed({ recvWindow, recvWindowCapacity }: Window): boolean {
  return recvWindowCapacity <= recvWindow / 2;
}
