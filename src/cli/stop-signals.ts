/** How a running node is told to stop. */
import { constants } from 'node:os';

/**
 * Windows sends SIGBREAK for Ctrl-Break, and SIGHUP where the console's window is closed: the process has some ten seconds then. On
 * other systems a hang-up is none of ours.
 */
export function stopSignals(platform: NodeJS.Platform): readonly NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
}

/** npm passes Ctrl-C on to a process that has got it already: what comes this soon after, in ms, is the same one. */
const ECHO_MS = 300;

/**
 * Resolves at the first signal; ends the process at the next.
 *
 * @returns the first signal
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of stopSignals(process.platform)) {
      process.on(signal, () => {
        if (firstAt === undefined) {
          firstAt = performance.now();
          resolve(signal);
        } else if (performance.now() - firstAt > ECHO_MS)
          process.exit(128 + (constants.signals[signal] ?? 0));
      });
    }
  });
}

/** Whoever is told to stop meanwhile stops when it is done. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  let told: NodeJS.Signals | undefined;
  const heard = (signal: NodeJS.Signals) => {
    told = signal;
  };
  const signals = stopSignals(process.platform);
  for (const signal of signals) process.on(signal, heard);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, heard);
    // Nobody listens to it any more: the signal does what it does.
    if (told !== undefined) process.kill(process.pid, told);
  }
}
