/** A process may hold only so many files and connections open. What it cannot open beyond them is as good as before. */

/** A node holds some 40 at rest, and at most some 600 with all the peers and clients that it takes. */
const FILES_ENOUGH = 1024;

/** What a person is to do. */
export const MORE_FILES = `let the node open more files (ulimit -n ${FILES_ENOUGH}), and start it again`;

/** As the system says it, in LevelDB's errors as in Node's: of this process, of the whole machine; musl has words of its own. */
const TOO_MANY = /too many open files|file table overflow|no file descriptors available/i;

/** What a person is to do about a failure, by its reason: what is said, unless it is for want of files. */
export function wayOutOf(reason: string, said: string): string {
  return saysTooManyFiles(reason) ? MORE_FILES : said;
}

export function saysTooManyFiles(reason: string): boolean {
  return TOO_MANY.test(reason);
}
