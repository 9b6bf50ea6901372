// What every process of a room does, whatever it runs: answers its parent's calls, and tells what it saw.

/** Told this much later, in ms: the telling must not take the processor from what is measured. */
const TELL_AFTER_MS = 25;

/** @returns {number} ms on the monotonic clock that all processes of a machine share */
export function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** @param {Record<string, (argument: any) => unknown>} calls - by name; each answer goes back to the parent */
export function serve(calls) {
  const all = { usage, ...calls };
  process.on('message', async ({ id, call, argument }) => {
    try {
      process.send({ id, answer: (await all[call](argument)) ?? null });
    } catch (error) {
      process.send({ id, error: String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send({ readyAt: now() });
}

/** @param {string} key - of what has arrived @param {number} at - when, in ms */
export function saw(key, at = now()) {
  setTimeout(() => process.send({ saw: key, at }), TELL_AFTER_MS);
}

/** @returns {{cpuMs: number, rss: number}} what this process has used of the processor, and its resident memory, in bytes */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1e3, rss: process.memoryUsage.rss() };
}
