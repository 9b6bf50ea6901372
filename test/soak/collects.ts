/**
 * Loaded into every node of a soak: told by SIGUSR2, it collects all its garbage, so that what it holds can be weighed, and
 * writes down how much of it is code that V8 has compiled since the start.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';
import { collectGarbage } from '../helpers/garbage.js';
import { COMPILED_FILE } from './compiled-file.js';

/** With what V8 keeps beside it: where to go back to from what is optimised, say. */
function codeBytes(): number {
  const { code_and_metadata_size, bytecode_and_metadata_size } = getHeapCodeStatistics();
  return code_and_metadata_size + bytecode_and_metadata_size;
}

/** V8's own, which are in the program's file. */
const builtIn = codeBytes();

process.on('SIGUSR2', () => {
  collectGarbage();
  const place = join(homedir(), COMPILED_FILE);
  writeFileSync(`${place}.new`, String(codeBytes() - builtIn));
  renameSync(`${place}.new`, place);
});
