import { statSync, writeFileSync } from 'node:fs';
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

  it('is made once, for this user alone, and then kept', () => {
    const file = join(scratch(), 'control-token');
    const made = readOrMakeToken(file);
    expect(made.isNew).toBe(true);
    expect(made.token).toMatch(/^[\w-]{32}$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readOrMakeToken(file)).toEqual({ token: made.token, file, where: file, isNew: false });
  });

  it.each(['', 'two words', 'naïve', 'line\nbreak', 'x'.repeat(257)])('is not %j', (token) => {
    expect(() => givenToken({ token })).toThrow('must be 1 to 256 letters');
  });
});
