// What a room of so many nodes costs, in the network namespace that growth.js has made: all traffic on loopback is theirs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from './report.js';
import { Room } from './room.js';

const [count, blocks, directory] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
/** What nodes say to each other while nothing happens is measured for so long, in ms. */
const REST_MS = 5_000;
/** A miner's peers are asked for their heads two seconds after the last block: that belongs to it, and is no rest. */
const AFTERMATH_MS = 5_000;

const room = new Room();
try {
  const settings = Array.from({ length: count }, (_, at) => ({
    dataDir: join(directory, `${at}`),
    mdns: true,
  }));
  await room.start('room-node.js', settings);
  const discoveryMs = await room.met();
  await delay(REST_MS);
  for (let i = 0; i < count; i++) await room.spread(i);
  await delay(AFTERMATH_MS);
  const restRate = (await sent(() => delay(REST_MS))) / REST_MS;

  const spreads = [];
  const startedAt = performance.now();
  const bytes = await sent(async () => {
    for (let i = 0; i < blocks; i++) spreads.push((await room.spread(i % count)).ms);
    await delay(AFTERMATH_MS);
  });
  const restBytes = restRate * (performance.now() - startedAt);
  const memory = (await room.ask('usage')).map(({ rss }) => rss);
  console.log(
    JSON.stringify({
      nodes: count,
      discoveryMs,
      p50Ms: quantile(spreads, 0.5),
      p99Ms: quantile(spreads, 0.99),
      bytesPerBlock: Math.max(0, bytes - restBytes) / blocks / count,
      restBytesPerSecond: (restRate * 1_000) / count,
      memory: quantile(memory, 0.5),
    }),
  );
} finally {
  await room.stop();
}

/** @returns {Promise<number>} bytes that went over loopback meanwhile, headers of TCP and IP among them */
async function sent(action) {
  const before = loopbackBytes();
  await action();
  return loopbackBytes() - before;
}

function loopbackBytes() {
  return Number(/lo:(?:\s+\d+){8}\s+(\d+)/.exec(readFileSync('/proc/net/dev', 'utf8'))[1]);
}
