// Watches nodes while they are attacked, from a process of its own, so that an attacker's work does not count as
// theirs: how long `/status` takes, and what memory they have. Arguments: what an answer may take, in ms, then `url pid` of
// each. Says `ready`, `enough` when there are answers to judge by, ends with its stdin, then prints what it saw. Time for
// which a node, or this process, was ready to run and another program had the processor is no time of the node's: the
// system counts it (schedstat), and it is subtracted.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const maxMs = Number(process.argv[2]);
const nodes = [];
for (let i = 3; i < process.argv.length; i += 2)
  nodes.push({ url: process.argv[i], pid: process.argv[i + 1], times: [], waits: [], peak: 0, failures: 0 });

let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** Between two questions, in ms. */
const EVERY_MS = 5;
/** Of fewer answers, the 99th percentile is the slowest. */
const ENOUGH = 101;
const PATIENCE_MS = 10_000;

/** For how long a process's main thread has waited for a processor, in ms, since its start. */
function waited(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0; // no such thing here: all time counts
  }
}

/**
 * Whether the 99th percentile is known, and is as it should be. While it is not, more answers tell a slow node from a machine
 * that stood still for a moment, as virtual ones do.
 */
function isJudged({ times }) {
  return times.length >= ENOUGH && times.filter((ms) => ms >= maxMs).length <= times.length / 100;
}

async function ask(node) {
  const before = [waited(node.pid), waited(process.pid)];
  const asked = performance.now();
  try {
    const answer = await fetch(`${node.url}/status`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.text();
    if (!answer.ok) node.failures += 1;
  } catch {
    node.failures += 1;
  }
  const took = performance.now() - asked;
  // Both may have waited at the same time: only the longer wait is sure to be part of it.
  const wait = Math.max(waited(node.pid) - before[0], waited(process.pid) - before[1]);
  node.times.push(Math.max(0, took - wait));
  node.waits.push(Math.min(took, wait));
  const status = readFileSync(`/proc/${node.pid}/status`, 'utf8');
  node.peak = Math.max(node.peak, Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
}

await Promise.all(nodes.map(ask));
for (const node of nodes) Object.assign(node, { times: [], waits: [] });
console.log('ready');
let isEnough = false;
await Promise.all(
  nodes.map(async (node) => {
    while (!isOver) {
      await ask(node);
      const hasEnough = nodes.every(isJudged);
      if (hasEnough && !isEnough) console.log('enough');
      isEnough = hasEnough;
      await delay(EVERY_MS);
    }
  }),
);
console.log(
  JSON.stringify(nodes.map(({ times, waits, peak, failures }) => ({ times, waits, peak, failures }))),
);
