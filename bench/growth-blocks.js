// What a chain of so many blocks costs a node that comes new to it, in the network namespace that growth.js has made.
import { readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { benchChain } from './chain.js';
import { Room } from './room.js';
import { now } from './room-child.js';

const [length, directory] = [Number(process.argv[2]), process.argv[3]];
/** Until a node that has just started is at rest, in ms. */
const REST_MS = 1_000;
const SYNC_MS = 180_000;

const room = new Room();
try {
  const chain = await benchChain(length);
  await cp(chain.directory, join(directory, 'old'), { recursive: true });
  const settings = ['old', 'new'].map((name) => ({
    dataDir: join(directory, name),
    mdns: false,
    fetches: true,
  }));
  await room.start('room-node.js', settings);
  const [old, newcomer] = room.members;
  await delay(REST_MS);
  const { pid } = newcomer.child;
  const idle = memory(pid, 'VmRSS');
  writeFileSync(`/proc/${pid}/clear_refs`, '5'); // the peak counts from here
  const startedAt = now();
  await newcomer.call('connect', [await old.call('address')]);
  const syncedAt = await synced(newcomer);
  console.log(
    JSON.stringify({
      blocks: length,
      syncMs: syncedAt - startedAt,
      idle,
      peak: memory(pid, 'VmHWM'),
      served: memory(old.child.pid, 'VmHWM'),
    }),
  );
} finally {
  await room.stop();
}

async function synced(member) {
  const until = Date.now() + SYNC_MS;
  for (;;) {
    const chain = await member.call('chain');
    if (chain.length >= length) return chain.at;
    if (Date.now() > until) throw new Error(`${chain.length} of ${length} blocks within ${SYNC_MS} ms`);
    await delay(50);
  }
}

/** @returns {number} in bytes */
function memory(pid, field) {
  return (
    1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
  );
}
