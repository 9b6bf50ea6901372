/** Below libp2p: sockets that say what they like, and connections without a muxer of their own. */
import { connect as dial, type Socket } from 'node:net';
import { noise } from '@chainsafe/libp2p-noise';
import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { AbstractStreamMuxer } from '@libp2p/utils';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import type { Target } from './siege.js';

/** A socket from another address of this machine than the honest nodes', so that its share is not theirs. */
export function socket({ host, port }: Target, localAddress = '127.0.0.66'): Socket {
  const made = dial({ host, port, localAddress });
  made.on('error', () => {}); // hung up on: that is what it is for
  made.on('data', () => {});
  onTestFinished(() => void made.destroy());
  return made;
}

/** One line of multistream-select. */
export function line(text: string): Uint8Array {
  return Buffer.concat([Buffer.of(text.length + 1), Buffer.from(`${text}\n`)]);
}

/**
 * A connection that is encrypted and has agreed on yamux, over which nothing runs yet.
 *
 * @param first what is said right behind the handshake, before anybody can do anything else
 * @returns `spokenTo` resolves when the other side says something over it: then it is done with the handshake, too
 */
export async function naked(
  { address }: Pick<Target, 'address'>,
  first: Uint8Array = new Uint8Array(0),
): Promise<{ id: string; connection: MessageStream; spokenTo: Promise<void> }> {
  let taken: MessageStream | undefined;
  let hear = () => {};
  const spokenTo = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const factory: StreamMuxerFactory = {
    protocol: '/yamux/1.0.0',
    createStreamMuxer: (connection) => {
      taken = connection;
      if (first.length > 0) connection.send(first);
      return new Mute(connection, hear);
    },
  };
  const host = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [() => factory],
    connectionMonitor: { enabled: false },
  });
  onTestFinished(async () => {
    await Promise.race([host.stop(), new Promise((done) => setTimeout(done, 500))]);
  });
  await host.dial(multiaddr(address));
  return { id: host.peerId.toString(), connection: taken as MessageStream, spokenTo };
}

/** Takes what comes and answers nothing. */
class Mute extends AbstractStreamMuxer {
  constructor(
    connection: MessageStream,
    private readonly heard: () => void,
  ) {
    super(connection, { name: 'mute' } as never);
  }

  onData(): void {
    this.heard();
  }

  onCreateStream(): never {
    throw new Error('no streams here');
  }
}

/** A yamux header. */
export function yamuxHeader(type: number, flags: number, stream: number, length: number): Buffer {
  const header = Buffer.alloc(12);
  header[1] = type;
  header.writeUInt16BE(flags, 2);
  header.writeUInt32BE(stream, 4);
  header.writeUInt32BE(length, 8);
  return header;
}
