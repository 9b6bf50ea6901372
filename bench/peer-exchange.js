// How soon nodes that know one address are all connected to all, and what it costs at rest.
//
//   npm run build && unshare -rn sh -c 'ip link set lo up && node bench/peer-exchange.js [nodes] [seconds at rest]'
//
// In a network namespace of its own, since all traffic on loopback is counted; a line each for: every node is told of all
// others, and nothing is shared (the baseline); every node is told of the first, and peers are shared; the same, and one
// more comes 10 s later that can only dial.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(import.meta.url);
const NETWORK_ID = '515b81d5a2aeb7ed';
/** Announcements have thinned out to one in two minutes by then, in ms. */
const SETTLE_MS = 70_000;
const MEET_MS = 150_000;

if (process.send !== undefined) await node(JSON.parse(process.argv[2]));
else await measure(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 60));

async function node({ sharePeers, peers, listen }) {
  const { Network } = await import('../dist/src/network/network.js');
  const { ephemeralKey } = await import('../dist/src/network/identity.js');
  const { SILENT } = await import('../dist/src/log.js');
  const privateKey = await ephemeralKey();
  const about = { networkId: NETWORK_ID, version: '0', nickname: '', privateKey, mdns: false, log: SILENT };
  const network = new Network({ ...about, listen, peers, sharePeers });
  const tell = () => process.send({ peers: network.peers().length, at: Date.now() });
  network.on('peer:connect', tell);
  network.on('peer:disconnect', tell);
  process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss }));
  process.on('disconnect', () => process.exit());
  await network.start();
  process.send({ address: network.addresses()[0] ?? null, at: Date.now() });
}

async function start(nodes, settings) {
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const child = fork(FILE, [JSON.stringify({ listen, ...settings })]);
  const one = { child, peers: 0, at: 0, readyAt: 0, address: undefined };
  child.on('message', (said) => {
    if (said.peers !== undefined) Object.assign(one, said);
  });
  for (;;) {
    const [said] = await once(child, 'message');
    if (said.address === undefined) continue;
    Object.assign(one, { address: said.address, readyAt: said.at });
    nodes.push(one);
    return one;
  }
}

/** @returns ms from the last node's start until all had met, or undefined when they did not */
async function met(nodes, last) {
  const until = Date.now() + MEET_MS;
  while (nodes.some(({ peers }) => peers < nodes.length - 1)) {
    if (Date.now() > until) return undefined;
    await delay(10);
  }
  return Math.max(...nodes.map(({ at }) => at)) - last;
}

async function usage(nodes) {
  const all = nodes.map(async ({ child }) => {
    child.send('usage');
    for (;;) {
      const [said] = await once(child, 'message');
      if (said.cpu !== undefined) return (said.cpu.user + said.cpu.system) / 1e3;
    }
  });
  const cpuMs = (await Promise.all(all)).reduce((sum, ms) => sum + ms, 0);
  const lo = readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .find((line) => line.includes('lo:'));
  const [, bytes, packets] = /lo:(?:\s+\d+){8}\s+(\d+)\s+(\d+)/.exec(lo).map(Number);
  return { cpuMs, bytes, packets };
}

async function measure(count, seconds) {
  for (const variant of ['all addresses known', 'one address known', 'one more can only dial']) {
    const nodes = [];
    try {
      const sharePeers = variant !== 'all addresses known';
      const first = await start(nodes, { sharePeers });
      if (sharePeers) {
        const rest = Array.from({ length: count - 1 }, () =>
          start(nodes, { sharePeers, peers: [first.address] }),
        );
        await Promise.all(rest);
      } else {
        while (nodes.length < count) await start(nodes, { peers: nodes.map(({ address }) => address) });
      }
      const line = { variant, metMs: await met(nodes, Math.max(...nodes.map(({ readyAt }) => readyAt))) };
      if (variant === 'one more can only dial') {
        await delay(10_000);
        const late = await start(nodes, { sharePeers, peers: [first.address], listen: [] });
        line.metMs = await met(nodes, late.readyAt);
      } else if (seconds > 0) {
        await delay(SETTLE_MS);
        const before = await usage(nodes);
        await delay(seconds * 1_000);
        const after = await usage(nodes);
        const aMinute = (key) => Math.round(((after[key] - before[key]) * 60) / seconds);
        Object.assign(line, {
          kibAMinute: Math.round(aMinute('bytes') / 1024),
          packets: aMinute('packets'),
          cpuMs: aMinute('cpuMs'),
        });
      }
      console.log(JSON.stringify(line));
    } finally {
      for (const { child } of nodes) child.kill('SIGKILL');
    }
  }
}
