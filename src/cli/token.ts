/** The secret that a control API may ask for: where it comes from, and how one is made. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, systemReason } from './errors.js';

export interface TokenOptions {
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface Token {
  readonly token: string;
  /** Where it is kept, if it is. */
  readonly file: string | undefined;
  /** Where it comes from, for a person. */
  readonly where: string;
}

/**
 * The token that was given: by option, in a file, or in the variable GOSSIPCHAIN_TOKEN.
 *
 * @throws CliError
 */
export function givenToken({ token, tokenFile }: TokenOptions): Token | undefined {
  if (token !== undefined) return tokenFrom(token, '--token');
  if (tokenFile !== undefined) return readToken(tokenFile);
  const { GOSSIPCHAIN_TOKEN: variable } = process.env;
  if (variable === undefined || variable === '') return undefined;
  return tokenFrom(variable, 'GOSSIPCHAIN_TOKEN');
}

/** The token that a node has recorded: in a file, where it has one. @throws CliError */
export function recordedToken(file: string | null | undefined): Token | undefined {
  return file ? { ...readToken(file), where: `${file} (recorded for this address)` } : undefined;
}

/** @throws CliError */
function readToken(file: string): Token {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError('bad-file', `cannot read the token file ${file}: ${systemReason(error)}`);
  }
  return tokenFrom(text.trim(), file, resolve(file));
}

/** The token kept in a file, made where there is none; only this user may read it. */
export function readOrMakeToken(file: string): Token & { readonly isNew: boolean } {
  const token = randomBytes(24).toString('base64url');
  try {
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return { token, file, where: file, isNew: true };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return { ...readToken(file), isNew: false };
    throw new CliError('bad-file', `cannot write the token file ${file}: ${systemReason(error)}`);
  }
}

/** It travels in an HTTP header, and in the address of the dashboard. @throws CliError */
function tokenFrom(token: string, where: string, file?: string): Token {
  if (/^[A-Za-z0-9._~+/=-]{1,256}$/.test(token)) return { token, file, where };
  throw new CliError('usage', `the token from ${where} must be 1 to 256 letters, digits or . _ ~ + / = -`);
}
