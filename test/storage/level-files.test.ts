/** What is found damaged among LevelDB's files, and what is not while another process uses them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { damageIn } from '../../src/storage/level-files.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gossipchain-files-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
}

describe('the files of a database', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['that is there', { CURRENT: 'MANIFEST-000002\n', '000003.log': '' }, undefined],
    ['that was begun', { CURRENT: 'MANIFEST-000001\n' }, undefined],
    ['that is none', { LOCK: '' }, undefined],
    ['without CURRENT', { '000003.log': '' }, 'CURRENT is missing'],
    ['with nothing but a table', { '000005.ldb': '' }, 'CURRENT is missing'],
    ['without a log', { CURRENT: 'MANIFEST-000002\n' }, 'its log file is missing'],
  ])('%s are seen for what they are', async (_, files, damage) => {
    write(files);
    expect(await damageIn(directory)).toBe(damage);
  });

  it.runIf(process.platform !== 'win32')('that another process makes meanwhile are not damaged', async () => {
    // Whoever reads a pipe waits for its writer: so this is the moment in which CURRENT is read.
    const current = join(directory, 'CURRENT');
    spawnSync('mkfifo', [current]);
    const damage = damageIn(directory);
    const writer = await open(current, 'w');
    write({ '000003.log': '' });
    await writer.write('MANIFEST-000002\n');
    await writer.close();
    expect(await damage).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')(
    'are not damaged where a log goes while it is looked at',
    async () => {
      write({ CURRENT: 'MANIFEST-000002\n', '000007.log': '' });
      symlinkSync('gone', join(directory, '000003.log'));
      expect(await damageIn(directory)).toBeUndefined();
    },
  );
});
