import { yamux } from '@chainsafe/libp2p-yamux';
import { type Connection, type StreamMuxerFactory, StreamStateError } from '@libp2p/interface';
import type { Bounds } from '../bounds.js';
import * as limits from './constants.js';
import { ConnectionFault } from './errors.js';
import { FrameGuard } from './frame-guard.js';
import { cutWhenSilent } from './silence.js';
import { sparingly } from './window-updates.js';

/**
 * Yamux, safe against the end of its connection and against its peer.
 *
 * Yamux 8.0.1 announces a new stream in a microtask of its own (`onCreateStream`). Where the connection ends between
 * the call and the microtask, its send throws there, where nobody can catch it, and the process dies. Under this
 * muxer a connection that ends takes what is sent and drops it: its end reaches all streams as their own end.
 *
 * It answers pings and resets streams without a look at what waits to be sent: a peer that asks and never reads
 * would fill our memory. Beyond a bound its connection is cut. What the peer may send, {@link FrameGuard} sees to; that it
 * sends anything, {@link cutWhenSilent}.
 *
 * It pings by a frame of its own, each connection from its own beginning on. libp2p's connection monitor opens a stream for
 * each ping, and does so on all connections at once: ten nodes on two cores did nothing else for half a second of every five.
 */
export function muxer(bounds: Bounds): () => StreamMuxerFactory {
  const yamuxFactory = yamux({
    keepAliveInterval: limits.PING_INTERVAL_MS,
    maxInboundStreams: limits.MAX_STREAMS_PER_CONNECTION,
    maxOutboundStreams: limits.MAX_STREAMS_PER_CONNECTION,
    streamOptions: {
      maxStreamWindowSize: limits.MAX_STREAM_WINDOW_BYTES,
      maxReadBufferLength: limits.MAX_STREAM_UNREAD_BYTES,
    },
  })();
  return () => ({
    protocol: yamuxFactory.protocol,
    createStreamMuxer: (connection) => {
      new FrameGuard(connection, (bound) => bounds.hit(bound));
      cutWhenSilent(connection);
      const send = connection.send.bind(connection);
      connection.send = (data) => {
        try {
          const taken = send(data);
          if (connection.writeBufferLength > limits.MAX_CONNECTION_BACKLOG_BYTES) {
            connection.abort(
              new ConnectionFault('connection-backlog', 'the peer does not take what it asks for'),
            );
            return false;
          }
          return taken;
        } catch (error) {
          if (connection.status === 'open' && !(error instanceof StreamStateError)) throw error;
          return false;
        }
      };
      return sparingly(yamuxFactory.createStreamMuxer(connection), limits.MAX_STREAM_WINDOW_BYTES);
    },
  });
}

/**
 * Of the last ping that was answered; undefined before the first, and where the clock was set while that was under way: yamux
 * takes its time by the wall clock. libp2p's type does not say where it is.
 */
export function roundTripMs(connection: Connection): number | undefined {
  const { muxer } = connection as unknown as { readonly muxer?: { getRTT(): number } };
  const ms = muxer?.getRTT() ?? -1;
  return ms >= 0 && ms < limits.SILENCE_MS ? ms : undefined;
}
