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
}

/**
 * The token that was given: by option, in a file, or in the variable GOSSIPCHAIN_TOKEN.
 *
 * @throws CliError
 */
export function givenToken({ token, tokenFile }: TokenOptions): Token | undefined {
  if (token !== undefined) return { token: checked(token, '--token'), file: undefined };
  if (tokenFile !== undefined) return { token: readToken(tokenFile), file: resolve(tokenFile) };
  const { GOSSIPCHAIN_TOKEN: variable } = process.env;
  if (variable === undefined || variable === '') return undefined;
  return { token: checked(variable, 'GOSSIPCHAIN_TOKEN'), file: undefined };
}

/** @throws CliError */
export function readToken(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError('bad-file', `cannot read the token file ${file}: ${systemReason(error)}`);
  }
  return checked(text.trim(), file);
}

/** The token kept in a file, made where there is none; only this user may read it. */
export function readOrMakeToken(file: string): Token & { readonly isNew: boolean } {
  const token = randomBytes(24).toString('base64url');
  try {
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return { token, file, isNew: true };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return { token: readToken(file), file, isNew: false };
    throw new CliError('bad-file', `cannot write the token file ${file}: ${systemReason(error)}`);
  }
}

/** It travels in an HTTP header, and in the address of the dashboard. */
function checked(token: string, where: string): string {
  if (/^[A-Za-z0-9._~+/=-]{1,256}$/.test(token)) return token;
  throw new CliError('usage', `the token from ${where} must be 1 to 256 letters, digits or . _ ~ + / = -`);
}
