import { expect, it } from 'vitest';
import {
  ChainError,
  createNetwork,
  DEFAULT_GENESIS,
  DEFAULT_NETWORK,
  decodeBlock,
  decodeTransaction,
  parseJson,
  rulesOf,
} from '../../src/chain/index.js';

it.each<[string, () => unknown]>([
  ['JsonError', () => parseJson('{')],
  ['InvalidTransaction', () => decodeTransaction(Buffer.from('{}'))],
  ['InvalidBlock', () => decodeBlock(Buffer.from('{}'))],
  ['InvalidBlock', () => rulesOf(DEFAULT_NETWORK).checkBlock(DEFAULT_GENESIS, DEFAULT_GENESIS, () => false)],
  ['InvalidNetwork', () => createNetwork({ name: '' })],
])(
  '%s tells its family by name, its kind by a code fit for a label, and the rest in one line',
  (name, fail) => {
    let caught: unknown;
    try {
      fail();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ChainError);
    expect(caught).toMatchObject({
      name,
      code: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/),
      message: expect.stringMatching(/^[^\n]+$/),
    });
  },
);
