import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { givenToken, readOrMakeToken } from '../../src/cli/token.js';
import { scratch } from './support.js';

describe('the token of a control API', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is taken from its option, else from its file, else from GOSSIPCHAIN_TOKEN', () => {
    const file = join(scratch(), 'token');
    writeFileSync(file, 'from-file\n');
    vi.stubEnv('GOSSIPCHAIN_TOKEN', 'from-variable');
    expect(givenToken({ token: 'given', tokenFile: file })?.token).toBe('given');
    expect(givenToken({ tokenFile: file })).toEqual({ token: 'from-file', file });
    expect(givenToken({})?.token).toBe('from-variable');
    vi.stubEnv('GOSSIPCHAIN_TOKEN', '');
    expect(givenToken({})).toBeUndefined();
  });

  it('is made once, for this user alone, and then kept', () => {
    const file = join(scratch(), 'control-token');
    const made = readOrMakeToken(file);
    expect(made.isNew).toBe(true);
    expect(made.token).toMatch(/^[\w-]{32}$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readOrMakeToken(file)).toEqual({ token: made.token, file, isNew: false });
  });

  it.each(['', 'two words', 'naïve', 'line\nbreak', 'x'.repeat(257)])('is not %j', (token) => {
    expect(() => givenToken({ token })).toThrow('must be 1 to 256 letters');
  });
});
