import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const source = join(import.meta.dirname, '../../../protocols/chain');
const protons = join(import.meta.dirname, '../../../node_modules/protons/dist/bin/protons.js');

describe('messages.ts', () => {
  it('is what protons makes of messages.proto', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'protons-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await copyFile(join(source, 'messages.proto'), join(folder, 'messages.proto'));
    await promisify(execFile)(process.execPath, [protons, 'messages.proto'], { cwd: folder });
    const generated = await readFile(join(folder, 'messages.ts'), 'utf8');
    expect(await readFile(join(source, 'messages.ts'), 'utf8')).toBe(generated);
  });
});
