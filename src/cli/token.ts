/** The secret that a control API may ask for: where it comes from, and how one is made. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeDurably } from '../network/durable-file.js';
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
  return tokenFrom(read(file).trim(), file, resolve(file));
}

/**
 * The token kept in a file of a data directory that is this node's alone, made where there is none; only this user may read it.
 * An empty file is what a crash, or a full disk, has left of one.
 *
 * @throws CliError
 */
export async function readOrMakeToken(file: string): Promise<Token & { readonly isNew: boolean }> {
  const kept = existsSync(file) ? read(file).trim() : '';
  if (kept !== '') return { ...tokenFrom(kept, file, resolve(file)), isNew: false };
  const token = randomBytes(24).toString('base64url');
  try {
    await writeDurably(file, `${token}\n`);
  } catch (error) {
    throw new CliError('bad-file', `cannot write the token file ${file}: ${systemReason(error)}`);
  }
  return { token, file, where: file, isNew: true };
}

/** @throws CliError */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError('bad-file', `cannot read the token file ${file}: ${systemReason(error)}`);
  }
}

/** It travels in an HTTP header, and in the address of the dashboard. @throws CliError */
function tokenFrom(token: string, where: string, file?: string): Token {
  if (/^[A-Za-z0-9._~+/=-]{1,256}$/.test(token)) return { token, file, where };
  throw new CliError('usage', `the token from ${where} must be 1 to 256 letters, digits or . _ ~ + / = -`);
}
