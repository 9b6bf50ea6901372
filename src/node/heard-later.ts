/** It may fail before anyone waits for it; whoever waits hears of it. */
export function heardLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
