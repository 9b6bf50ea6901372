// Watches nodes while they are attacked, from a process of its own, so that an attacker's work does not count as
// theirs: how long `/status` takes, and what memory they have. Arguments: `url pid` of each. Ends with its stdin.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const nodes = [];
for (let i = 2; i < process.argv.length; i += 2)
  nodes.push({ url: process.argv[i], pid: process.argv[i + 1], times: [], peak: 0, failures: 0 });

let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** Between two questions, in ms: some hundred answers in the seconds of an attack, and no load by itself. */
const EVERY_MS = 20;
const PATIENCE_MS = 10_000;

await Promise.all(
  nodes.map(async (node) => {
    while (!isOver) {
      const asked = performance.now();
      try {
        const answer = await fetch(`${node.url}/status`, { signal: AbortSignal.timeout(PATIENCE_MS) });
        await answer.text();
        if (!answer.ok) node.failures += 1;
      } catch {
        node.failures += 1;
      }
      node.times.push(performance.now() - asked);
      const status = await readFile(`/proc/${node.pid}/status`, 'utf8').catch(() => '');
      node.peak = Math.max(node.peak, Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
      await delay(EVERY_MS);
    }
  }),
);
console.log(JSON.stringify(nodes.map(({ times, peak, failures }) => ({ times, peak, failures }))));
