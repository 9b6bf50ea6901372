import { yamux } from '@chainsafe/libp2p-yamux';
import { type StreamMuxerFactory, StreamStateError } from '@libp2p/interface';
import { MAX_STREAM_WINDOW_BYTES } from './constants.js';

/**
 * Yamux, safe against the end of its connection.
 *
 * Yamux 8.0.1 announces a new stream in a microtask of its own (`onCreateStream`). Where the connection ends between
 * the call and the microtask, its send throws there, where nobody can catch it, and the process dies. Under this
 * muxer a connection that ends takes what is sent and drops it: its end reaches all streams as their own end.
 */
export function muxer(): () => StreamMuxerFactory {
  const yamuxFactory = yamux({ streamOptions: { maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES } })();
  return () => ({
    protocol: yamuxFactory.protocol,
    createStreamMuxer: (connection) => {
      const send = connection.send.bind(connection);
      connection.send = (data) => {
        try {
          return send(data);
        } catch (error) {
          if (connection.status === 'open' && !(error instanceof StreamStateError)) throw error;
          return false;
        }
      };
      return yamuxFactory.createStreamMuxer(connection);
    },
  });
}
