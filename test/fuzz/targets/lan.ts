/** What anybody on the LAN may say: mDNS packets, and peers' announcements of themselves. */
import '../../../src/network/with-resolvers.js';
import dgram, { type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type Message, TopicValidatorResult } from '@chainsafe/libp2p-gossipsub';
import { publicKeyFromRaw, publicKeyToProtobuf } from '@libp2p/crypto/keys';
import { type PeerId, type PeerInfo, start, stop } from '@libp2p/interface';
import { defaultLogger } from '@libp2p/logger';
import { mdns } from '@libp2p/mdns';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { pubsubPeerDiscovery } from '@libp2p/pubsub-peer-discovery';
import { multiaddr } from '@multiformats/multiaddr';
import fc from 'fast-check';
import { topics } from '../../../protocols/gossip/index.js';
import { SILENT } from '../../../src/log.js';
import { plausible } from '../../../src/network/address.js';
import { nearestFirst } from '../../../src/network/announce.js';
import { DiagnosisBook } from '../../../src/network/diagnosis.js';
import { Dialler } from '../../../src/network/dialler.js';
import { serviceTag } from '../../../src/network/discovery.js';
import { MdnsLink } from '../../../src/network/mdns-link.js';
import { type ExchangeHost, PeerExchange } from '../../../src/network/peer-exchange.js';
import { anyAddress, anyIpAddress, anyKey, anyPeerId } from '../arbitraries.js';
import type { Target } from '../target.js';

const NETWORK_ID = '515b81d5a2aeb7ed';
const TAG = serviceTag(NETWORK_ID);
const SELF = '12D3KooWSNSuP5kH2kYtLbfNtimD4yGqoCRR9Aae1k3tjXmk7hsb';
const HOUR_MS = 60 * 60 * 1000;

const LAN = {
  name: 'lan0',
  address: '192.168.1.10',
  internal: false,
  addresses: ['192.168.1.10'],
  key: 'lan0',
  contains: () => true,
};

/** What a node does with whom it hears of, up to the dial. */
function listener() {
  const book = new DiagnosisBook();
  const host = {
    self: SELF,
    isConnected: () => true,
    dialPeer: async (peerId: string) => peerId,
    dialHearsay: async (peerId: string) => peerId,
    dialAddress: async () => SELF,
  };
  const dialler = new Dialler(host, SILENT);
  let heard = false;
  return {
    hear: (peerId: string, addresses: PeerInfo['multiaddrs']) => {
      book.sighted(peerId, addresses, 'mdns');
      dialler.sight(peerId, addresses);
      [...addresses].sort((a, b) => nearestFirst(a, b, [LAN]));
      heard = true;
    },
    /** Whether it heard of somebody since it was asked last. */
    heard: () => {
      const before = heard;
      heard = false;
      return before;
    },
    stop: () => dialler.stop(),
  };
}

/** A UDP socket that sends nothing. */
class DeafSocket extends EventEmitter {
  bind(_port: number, _address: string, bound: () => void): void {
    bound();
  }
  send(...args: unknown[]): void {
    (args.at(-1) as (error: null) => void)(null);
  }
  close(closed?: () => void): void {
    this.emit('close');
    closed?.();
  }
}

/** Runs what opens UDP sockets, and gives it these in their place. */
async function withDeafSockets(run: () => Promise<void>): Promise<DeafSocket[]> {
  const { createSocket } = dgram;
  const sockets: DeafSocket[] = [];
  dgram.createSocket = () => {
    const socket = new DeafSocket();
    sockets.push(socket);
    return socket as unknown as Socket;
  };
  try {
    await run();
    return sockets;
  } finally {
    dgram.createSocket = createSocket;
  }
}

const LABEL = /[^.]+/g;

function dnsName(name: string): Buffer {
  const labels = (name.match(LABEL) ?? []).map((label) => Buffer.from(label));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
}

const PTR = 12;
const TXT = 16;

function dnsRecord(name: string, type: number, data: Buffer): Buffer {
  const head = Buffer.from([0, type, 0, 1, 0, 0, 0, 120, data.length >> 8, data.length & 255]);
  return Buffer.concat([dnsName(name), head, data]);
}

/** An answer as the specification of libp2p's mDNS has it. */
function dnsAnswer(peerName: string, addresses: readonly string[]): Buffer {
  const name = `${peerName}.${TAG}`;
  const texts = addresses.map((address) => Buffer.from(`dnsaddr=${address}`));
  const records = [
    dnsRecord(TAG, PTR, dnsName(name)),
    ...texts.map((text) => dnsRecord(name, TXT, Buffer.concat([Buffer.of(text.length), text]))),
  ];
  return Buffer.concat([Buffer.from([0, 0, 0x84, 0, 0, 0, 0, records.length, 0, 0, 0, 0]), ...records]);
}

export const mdnsTarget: Target = {
  name: 'mdns',
  valid: fc
    .tuple(anyPeerId, fc.array(anyIpAddress, { minLength: 1, maxLength: 4 }))
    .map(([peerId, addresses]) =>
      dnsAnswer(
        'some-node',
        addresses.map((address) => `${address}/p2p/${peerId}`),
      ),
    ),
  open: async () => {
    const node = listener();
    const answer = multiaddr(`/ip4/192.168.1.10/tcp/4001/p2p/${SELF}`);
    const link = new MdnsLink({
      lan: LAN,
      serviceTag: TAG,
      peerName: 'ours',
      answers: () => [answer],
      isHere: () => true,
      heardOther() {},
      changed: ({ mdns: state }) => {
        if (state === 'failed') throw new Error('a packet had the interface given up');
      },
    });
    const service = mdns({ serviceTag: TAG, peerName: 'ours', interval: HOUR_MS })({
      logger: defaultLogger(),
      addressManager: { getAddresses: () => [answer] },
    } as unknown as Parameters<ReturnType<typeof mdns>>[0]);
    service.addEventListener('peer', ({ detail }) =>
      node.hear(detail.id.toString(), plausible(detail.multiaddrs)),
    );
    const sockets = await withDeafSockets(async () => {
      link.ask({ elsewhere: false });
      await start(service);
    });
    return {
      read: (packet) => {
        for (const socket of sockets)
          socket.emit('message', Buffer.from(packet), { address: '192.168.1.20', port: 5353 });
        return node.heard() ? {} : { refused: 'nobody' };
      },
      close: async () => {
        node.stop();
        await stop(service);
        await link.close();
      },
    };
  },
};

export const announcementTarget: Target = {
  name: 'peer-announcement',
  valid: fc.tuple(anyKey, fc.array(anyAddress, { maxLength: 4 })).map(([raw, addresses]) => {
    const key = publicKeyToProtobuf(publicKeyFromRaw(raw));
    const fields = [key, ...addresses.map((address) => multiaddr(address).bytes)];
    return Buffer.concat(
      fields.flatMap((field, i) => [Buffer.of(i === 0 ? 0x0a : 0x12, field.length), field]),
    );
  }),
  open: async () => {
    const node = listener();
    const validators = new Map<string, (from: PeerId, message: Message) => Promise<TopicValidatorResult>>();
    const pubsub = Object.assign(new EventTarget(), {
      topicValidators: validators,
      subscribe() {},
      unsubscribe() {},
      getSubscribers: () => [],
      publish: async () => ({ recipients: [] }),
    });
    const self = peerIdFromPublicKey(publicKeyFromRaw(new Uint8Array(32).fill(1)));
    const components = { logger: defaultLogger(), peerId: self, addressManager: { getAddresses: () => [] } };
    const host = {
      getMultiaddrs: () => [multiaddr('/ip4/192.168.1.10/tcp/4001')],
      services: {
        pubsub,
        announcer: {
          make: async (init: { topic: string; intervalMs: number; pubsub: unknown }) =>
            pubsubPeerDiscovery({ topics: [init.topic], interval: init.intervalMs })({
              ...components,
              pubsub: init.pubsub,
            } as unknown as Parameters<ReturnType<typeof pubsubPeerDiscovery>>[0]),
        },
      },
    };
    const peers = {
      isConnected: () => false,
      addressesOf: () => [],
      isKnown: () => true,
      hear: node.hear,
      giveUp() {},
    };
    const exchange = new PeerExchange(host as unknown as ExchangeHost, NETWORK_ID, peers, SILENT);
    exchange.start();
    const topic = topics(NETWORK_ID).peers;
    while (!validators.has(topic)) await new Promise((resolve) => setImmediate(resolve));
    let sender = 0;
    return {
      read: async (data) => {
        // Each from another peer: how many one may send is another question.
        const from = { toString: () => `peer-${sender++}` } as PeerId;
        const message = { type: 'unsigned', topic, data } as const;
        const verdict = await validators.get(topic)?.(from, message);
        node.heard();
        return verdict === TopicValidatorResult.Reject ? { refused: 'rejected' } : {};
      },
      close: async () => {
        node.stop();
        await exchange.stop();
      },
    };
  },
};
