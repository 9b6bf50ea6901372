/** What the system refuses, said in LevelDB's errors as in Node's: nothing is amiss then with what is stored. */
import { saysTooManyFiles } from '../open-files.js';

const NO_ROOM = /no space left on device|quota exceeded/i;
const NOT_ALLOWED = /permission denied|operation not permitted|read-only file system/i;
const NO_MEMORY = /cannot allocate memory|not enough memory/i;

export type Refusal = 'too-many-files' | 'no-memory' | 'no-room' | 'not-allowed';

/** @returns undefined where the reason is another */
export function refusalIn(reason: string): Refusal | undefined {
  if (saysTooManyFiles(reason)) return 'too-many-files';
  if (NO_MEMORY.test(reason)) return 'no-memory';
  if (NO_ROOM.test(reason)) return 'no-room';
  return NOT_ALLOWED.test(reason) ? 'not-allowed' : undefined;
}
