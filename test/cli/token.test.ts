import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { givenToken, readOrMakeToken, recordedToken } from '../../src/cli/token.js';
import { scratch } from './support.js';

describe('the token of a control API', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is taken from its option or its file, else from GOSSIPCHAIN_TOKEN, which is told', () => {
    const file = join(scratch(), 'token');
    writeFileSync(file, 'from-file\n');
    vi.stubEnv('GOSSIPCHAIN_TOKEN', 'from-variable');
    expect(givenToken({ token: 'given' })).toEqual({ token: 'given', where: '--token' });
    expect(givenToken({ tokenFile: file })).toEqual({ token: 'from-file', file, where: file });
    expect(givenToken({})).toEqual({ token: 'from-variable', where: 'GOSSIPCHAIN_TOKEN' });
    vi.stubEnv('GOSSIPCHAIN_TOKEN', '');
    expect(givenToken({})).toBeUndefined();
  });

  it('is that of the file which a node has recorded, if it has', () => {
    const file = join(scratch(), 'token');
    writeFileSync(file, 'from-file\n');
    const where = `${file} (recorded for this address)`;
    expect(recordedToken(file)).toEqual({ token: 'from-file', file, where });
    expect(recordedToken(null)).toBeUndefined();
    expect(recordedToken(undefined)).toBeUndefined();
  });

  it('is made once, for this user alone, and then kept', async () => {
    const file = join(scratch(), 'control-token');
    const made = await readOrMakeToken(file);
    expect(made.isNew).toBe(true);
    expect(made.token).toMatch(/^[\w-]{32}$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await readOrMakeToken(file)).toEqual({ token: made.token, file, where: file, isNew: false });
  });

  it.each(['', '\n'])('is made where a crash has left a file with nothing but %j in it', async (left) => {
    const file = join(scratch(), 'control-token');
    writeFileSync(file, left);
    const made = await readOrMakeToken(file);
    expect(made).toMatchObject({ isNew: true, file });
    expect(recordedToken(file)?.token).toBe(made.token);
  });

  it('is never put in the place of what somebody else has written', async () => {
    const file = join(scratch(), 'control-token');
    writeFileSync(file, 'two words');
    await expect(readOrMakeToken(file)).rejects.toThrow('must be 1 to 256 letters');
    expect(readFileSync(file, 'utf8')).toBe('two words');
  });

  it('is never half there: what cannot be written whole is not there at all', async () => {
    const folder = scratch();
    const file = join(folder, 'control-token');
    mkdirSync(`${file}.${process.pid}.tmp`); // in the way of what is written aside
    await expect(readOrMakeToken(file)).rejects.toThrow(`cannot write the token file ${file}`);
    expect(readdirSync(folder)).toEqual([`control-token.${process.pid}.tmp`]);
  });

  it.each(['', 'two words', 'naïve', 'line\nbreak', 'x'.repeat(257)])('is not %j', (token) => {
    expect(() => givenToken({ token })).toThrow('must be 1 to 256 letters');
  });
});
