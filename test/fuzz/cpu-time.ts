/** What a computation takes, whatever else the machine and this process are busy with. */
import { readFileSync } from 'node:fs';

/** Nanoseconds on a processor, first of three numbers; Linux only. */
const OF_THIS_THREAD = '/proc/thread-self/schedstat';

/**
 * The processor's time of this thread so far, in ms. The process's is more: V8 marks garbage on threads of its own, and
 * goes on with it while this one waits for a processor, so that on a busy machine any call seems to take long.
 */
export function threadCpuMs(): number {
  // Asked for first: with it, Linux brings the thread's figure up to date, which is up to 4 ms old otherwise.
  const { user, system } = process.cpuUsage();
  return nanosecondsOfThisThread() / 1e6 || (user + system) / 1000;
}

/** 0 where the system does not tell. */
function nanosecondsOfThisThread(): number {
  try {
    return Number.parseInt(readFileSync(OF_THIS_THREAD, 'latin1'), 10);
  } catch {
    return 0;
  }
}
