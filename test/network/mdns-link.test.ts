import '../../src/network/with-resolvers.js';
import { once } from 'node:events';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import type { Libp2p } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import multicastDns from 'multicast-dns';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { MDNS_ADDRESS, MDNS_PORT, MDNS_UNHEARD_QUESTIONS } from '../../src/network/constants.js';
import type { InterfaceState } from '../../src/network/diagnosis.js';
import { serviceTag } from '../../src/network/discovery.js';
import { type LanInterface, lanInterfaces } from '../../src/network/interfaces.js';
import { MdnsLink, type MdnsLinkInit } from '../../src/network/mdns-link.js';
import { ISOLATED, Lan } from './support.js';

const NETWORK_ID = '0000000a0000000a';
const TAG = serviceTag(NETWORK_ID);
const OTHER_TAG = '_other._udp.local';
const OWN_TAGS = [TAG, OTHER_TAG];
const SOMEBODY = '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p';
const HOUR_MS = 60 * 60 * 1000;

describe.skipIf(!ISOLATED)('mDNS on an interface', () => {
  const lan = new Lan();
  const links: MdnsLink[] = [];
  const plains: Libp2p[] = [];
  afterEach(async () => {
    await Promise.all([
      ...links.splice(0).map((link) => link.close()),
      ...plains.splice(0).map((p) => p.stop()),
    ]);
    await lan.stop();
  });

  const loopback = () => lanInterfaces().find(({ internal }) => internal) as LanInterface;

  function link(init: Partial<MdnsLinkInit> = {}) {
    const states: InterfaceState[] = [];
    const others: string[] = [];
    const made = new MdnsLink({
      lan: loopback(),
      serviceTag: TAG,
      peerName: 'a-link',
      answers: () => [],
      isHere: () => true,
      // Nodes of tests that run beside this one may be heard, too.
      heardOther: (name) => OWN_TAGS.includes(name) && others.push(name),
      changed: (state) => states.push(state),
      ...init,
    });
    links.push(made);
    return Object.assign(made, { states, others });
  }

  /** A libp2p node with nothing of ours. It asks once, before it listens: what it tells is an answer to others. */
  async function plain() {
    const node = await createLibp2p({
      start: false,
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      peerDiscovery: [mdns({ serviceTag: TAG, interval: HOUR_MS })],
    });
    plains.push(node);
    const found = new Map<string, string[]>();
    node.addEventListener('peer:discovery', ({ detail }) =>
      found.set(detail.id.toString(), detail.multiaddrs.map(String)),
    );
    return { node, found };
  }

  it('speaks the records of @libp2p/mdns: each finds the other', async () => {
    const ear = await plain();
    const other = await plain();
    const address = '/ip4/192.168.1.20/tcp/4001';
    const ours = link({ answers: () => [`${address}/p2p/${SOMEBODY}`] });
    ours.ask({ elsewhere: false });
    await expect.poll(() => ours.show().mdns).toBe('heard');
    await other.node.start();
    // It asked at its start, and the link answered.
    await expect.poll(() => other.found.get(SOMEBODY)).toEqual([address]);
    // Now the link asks, and it answers: a third hears that.
    const id = other.node.peerId.toString();
    expect([...ear.found.keys()]).not.toContain(id);
    await ear.node.start();
    ours.ask({ elsewhere: false });
    await expect.poll(() => ear.found.get(id)?.length).toBeGreaterThan(0);
  });

  it('lets a plain libp2p node and ours find each other', async () => {
    const other = await plain();
    await other.node.start();
    const network = await lan.started({ mdns: true, networkId: NETWORK_ID });
    await expect.poll(() => [...other.found.keys()], { timeout: 5_000 }).toContain(network.peerId);
    const sighted = () => network.diagnosis().sightings.map(({ peerId, by }) => [peerId, by]);
    await expect.poll(sighted, { timeout: 5_000 }).toContainEqual([other.node.peerId.toString(), 'mdns']);
  });

  it('answers a packet once, however often it asks', async () => {
    let answered = 0;
    const answers = () => {
      answered++;
      return [];
    };
    const ours = link({ answers });
    ours.ask({ elsewhere: false });
    await expect.poll(() => answered).toBe(1);
    const asker = multicastDns({
      interface: loopback().address,
      bind: '0.0.0.0',
      ip: MDNS_ADDRESS,
      port: MDNS_PORT,
    });
    onTestFinished(() => new Promise<void>((resolve) => asker.destroy(() => resolve())));
    await once(asker, 'ready');
    asker.query(Array.from({ length: 100 }, () => ({ name: TAG, type: 'PTR' as const })));
    asker.query([{ name: OTHER_TAG, type: 'PTR' }]);
    await expect.poll(() => ours.others).toContain(OTHER_TAG);
    expect(answered).toBe(2);
  });

  it('is known to work when our own question comes back', async () => {
    const ours = link();
    ours.ask({ elsewhere: false });
    await expect.poll(() => ours.show().mdns).toBe('heard');
    expect(ours.states).toHaveLength(1);
  });

  it('is known to be deaf when a few questions did not come back; and told once', async () => {
    const ours = link({ isHere: () => false });
    for (let asked = 0; asked < MDNS_UNHEARD_QUESTIONS; asked++) ours.ask({ elsewhere: false });
    expect(ours.show().mdns).toBe('asked');
    for (let asked = 0; asked < 5; asked++) ours.ask({ elsewhere: false });
    expect(ours.states.map(({ mdns: state }) => state)).toEqual(['not-heard']);
  });

  it('is told once when it fails, however often it is tried again', async () => {
    const ours = link({ lan: { ...loopback(), address: '10.255.255.1' } });
    for (let asked = 0; asked < 3; asked++) {
      ours.ask({ elsewhere: false });
      // What works meanwhile has worked when this one has failed.
      const other = link();
      other.ask({ elsewhere: false });
      await expect.poll(() => other.show().mdns).toBe('heard');
      expect(ours.show()).toMatchObject({ mdns: 'failed', error: expect.any(String) });
    }
    expect(ours.states).toHaveLength(1);
  });

  it('hears that others ask for another service, and does not answer', async () => {
    const ours = link({ answers: () => [`/ip4/192.168.1.20/tcp/4001/p2p/${SOMEBODY}`] });
    ours.ask({ elsewhere: false });
    await expect.poll(() => ours.states).toHaveLength(1);
    const theirs = link({ serviceTag: OTHER_TAG });
    theirs.ask({ elsewhere: false });
    await expect.poll(() => ours.others).toEqual([OTHER_TAG]);
    expect(theirs.others).toEqual([]);
  });
});
