// Watches nodes while they are attacked, from a process of its own, so that an attacker's work does not count as
// theirs: how long `/status` takes, and what memory they have. Arguments: `url pid` of each. Says `ready`, ends with its
// stdin, then prints what it saw. Time for which a node, or this process, was ready to run and another program had the
// processor is no time of the node's: the system counts it (schedstat), and it is subtracted.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const nodes = [];
for (let i = 2; i < process.argv.length; i += 2)
  nodes.push({ url: process.argv[i], pid: process.argv[i + 1], times: [], waits: [], peak: 0, failures: 0 });

let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** Between two questions, in ms: some hundred answers in the seconds of an attack, and no load by itself. */
const EVERY_MS = 20;
const PATIENCE_MS = 10_000;

/** For how long a process's main thread has waited for a processor, in ms, since its start. */
async function waited(pid) {
  const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => '0 0 0');
  return Number(text.split(' ')[1]) / 1e6;
}

const waitedFor = async (node) => (await waited(node.pid)) + (await waited(process.pid));

async function ask(node) {
  const before = await waitedFor(node);
  const asked = performance.now();
  try {
    const answer = await fetch(`${node.url}/status`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.text();
    if (!answer.ok) node.failures += 1;
  } catch {
    node.failures += 1;
  }
  const took = performance.now() - asked;
  const wait = (await waitedFor(node)) - before;
  node.times.push(Math.max(0, took - wait));
  node.waits.push(Math.min(took, wait));
  const status = await readFile(`/proc/${node.pid}/status`, 'utf8').catch(() => '');
  node.peak = Math.max(node.peak, Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
}

await Promise.all(nodes.map(ask));
for (const node of nodes) Object.assign(node, { times: [], waits: [] });
console.log('ready');
await Promise.all(
  nodes.map(async (node) => {
    while (!isOver) {
      await ask(node);
      await delay(EVERY_MS);
    }
  }),
);
console.log(
  JSON.stringify(nodes.map(({ times, waits, peak, failures }) => ({ times, waits, peak, failures }))),
);
