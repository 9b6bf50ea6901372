import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { MAX_BLOCK_BYTES } from '../../src/chain/block.js';
import { canonicalJson } from '../../src/chain/canonical.js';
import { sha256 } from '../../src/chain/hash.js';
import { MAX_INTEGER_DIGITS, MAX_JSON_DEPTH, parseJson } from '../../src/chain/json.js';
import {
  DEFAULT_GENESIS,
  DEFAULT_NETWORK,
  MAX_NETWORK_NAME,
  networkId,
} from '../../src/chain/network-spec.js';
import { MAX_DIFFICULTY } from '../../src/chain/proof.js';
import { MAX_AMOUNT_CHARACTERS, MAX_NAME_CODE_POINTS, rewardFor } from '../../src/chain/transaction.js';
import { PING_INTERVAL_MS, SERVICE_TAG_DIGITS, SILENCE_MS } from '../../src/network/constants.js';

const text = await readFile(new URL('../../protocols/README.md', import.meta.url), 'utf8');
const [, example = ''] = /```text\n(.*)\n```/.exec(text) ?? [];

it('shows what the default network’s id is the hash of', () => {
  expect(canonicalJson(parseJson(example))).toBe(example);
  expect(sha256(example).slice(0, 16)).toBe(networkId(DEFAULT_NETWORK));
  expect(text).toContain(`with the id \`${networkId(DEFAULT_NETWORK)}\``);
  expect(text).toContain(`the hash of its genesis is \`${DEFAULT_GENESIS.hash}\``);
});

it.each([
  [`a string of 1 to ${MAX_NAME_CODE_POINTS} code points`],
  [`of at most ${MAX_AMOUNT_CHARACTERS} characters`],
  [`at most ${MAX_BLOCK_BYTES.toLocaleString('en')} bytes of canonical JSON`],
  [`nesting of more than ${MAX_JSON_DEPTH},`],
  [`more than ${MAX_INTEGER_DIGITS.toLocaleString('en')} digits`],
  [`a name of 1 to ${MAX_NETWORK_NAME} code points`],
  [`a difficulty from 0 to ${MAX_DIFFICULTY},`],
  [`the first ${SERVICE_TAG_DIGITS} hex digits`],
  [`nothing comes for ${SILENCE_MS / 1000} s`],
  [`a yamux ping ${PING_INTERVAL_MS / 1000} s after`],
  [`the reward \`${rewardFor('R').text.replace('"R"', 'R')}\``],
])('says %s, as the code does', (limit) => {
  expect(text.replaceAll(/\s+/g, ' ')).toContain(limit);
});
