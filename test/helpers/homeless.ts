import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { scratch } from './scratch.js';

/** Of this test's programs: they find no home directory, as under a user id that the system does not know. */
export function withoutHome(): void {
  const file = join(scratch(), 'without-home.cjs');
  writeFileSync(file, "require('node:os').homedir = () => { throw new Error('ENOENT'); };");
  vi.stubEnv('NODE_OPTIONS', `--require ${JSON.stringify(file)}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}
