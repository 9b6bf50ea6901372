// The baseline of the stack: a libp2p stream (TCP, noise, yamux) that moves as many bytes between two processes.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import '../dist/src/network/with-resolvers.js';

const FILE = fileURLToPath(import.meta.url);
const PROTOCOL = '/bench/1.0.0';
/** As large as the frames of /chain/1.0.0. */
const CHUNK = new Uint8Array(64 << 10);

if (process.argv[1] === FILE) await serve(Number(process.argv[2]));

async function newHost() {
  const [{ createLibp2p }, { tcp }, { noise }, { yamux }] = await Promise.all([
    import('libp2p'),
    import('@libp2p/tcp'),
    import('@chainsafe/libp2p-noise'),
    import('@chainsafe/libp2p-yamux'),
  ]);
  return await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
}

async function serve(bytes) {
  const host = await newHost();
  await host.handle(PROTOCOL, async (stream) => {
    for (let left = bytes; left > 0; left -= CHUNK.length) {
      if (!stream.send(CHUNK.subarray(0, Math.min(left, CHUNK.length)))) await once(stream, 'drain');
    }
    await stream.close();
  });
  process.send(host.getMultiaddrs()[0].toString());
  process.on('disconnect', () => process.exit());
}

async function receive(address) {
  const { multiaddr } = await import('@multiformats/multiaddr');
  const host = await newHost();
  try {
    const began = performance.now();
    const stream = await host.dialProtocol(multiaddr(address), PROTOCOL);
    let received = 0;
    for await (const chunk of stream) received += chunk.byteLength;
    return { ms: performance.now() - began, received };
  } finally {
    await host.stop();
  }
}

/** @param {number} bytes @returns {Promise<number>} ms from dialling until all has come */
export async function moveRaw(bytes) {
  const child = fork(FILE, [String(bytes)]);
  try {
    const [address] = await once(child, 'message');
    const { ms, received } = await receive(address);
    if (received !== bytes) throw new Error(`${received} of ${bytes} bytes came`);
    return ms;
  } finally {
    child.kill('SIGKILL');
  }
}
