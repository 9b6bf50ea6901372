import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Block,
  canonicalJson,
  createNetwork,
  decodeTransaction,
  InvalidBlock,
  type Json,
  JsonError,
  type JsonObject,
  type NetworkSpec,
  networkId,
  parseJson,
  readBlock,
  readTransaction,
  sha256,
} from '../../src/chain/index.js';
import { checkChain } from '../helpers/chains.js';

function text(name: string): string {
  return readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
}

/** A vector file by the parser under test: `JSON.parse` would lose the difference of 5 and 5.0. */
function vectors(name: string): JsonObject {
  return parseJson(text(name)) as JsonObject;
}

describe("Python's canonical JSON", () => {
  const cases: { json: string; canonical: string; sha256: string }[] = JSON.parse(
    text('canonical-json.json'),
  );

  it('comes with hundreds of cases', () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  it.each(cases)('of $json is $canonical', ({ json, canonical, sha256: hash }) => {
    expect(canonicalJson(parseJson(json))).toBe(canonical);
    expect(sha256(canonical)).toBe(hash);
    expect(canonicalJson(parseJson(Buffer.from(canonical)))).toBe(canonical);
  });
});

describe('text that must not be read', () => {
  const cases: string[] = JSON.parse(text('json-refused.json'));

  it.each(cases.map((json) => [json]))('%j is refused, as a string and as bytes', (json) => {
    expect(() => parseJson(json)).toThrow(JsonError);
    expect(() => parseJson(Buffer.from(json))).toThrow(JsonError);
  });
});

describe('ids that Python computed', () => {
  const { networks, transactions } = vectors('network-and-transaction-ids.json') as unknown as {
    networks: { name: string; difficulty: number; genesis: Json; canonical: string; id: string }[];
    transactions: { transaction: Json; canonical: string; id: string }[];
  };

  it.each(networks)('the network $name of difficulty $difficulty is $id', (vector) => {
    const network = createNetwork({ ...vector, genesis: readBlock(vector.genesis) });
    expect(canonicalJson(network)).toBe(vector.canonical);
    expect(networkId(network)).toBe(vector.id);
  });

  it.each(transactions)('the transaction $canonical is $id', ({ transaction: json, canonical, id }) => {
    const transaction = readTransaction(json);
    expect(transaction.text).toBe(canonical);
    expect(transaction.id).toBe(id);
    expect(decodeTransaction(Buffer.from(canonical)).id).toBe(id);
  });
});

describe("a chain of the tutorial's Python node", () => {
  const chain = vectors('tutorial-chain.json').chain as JsonObject[];
  const network = createNetwork({});

  it('is valid block by block', () => {
    expect(firstInvalid(chain, network)).toBeUndefined();
  });

  it('has the hashes that Python wrote into it', () => {
    const blocks = chain.map((json) => readBlock(json));
    blocks.slice(1).forEach((block, i) => {
      expect(block.previous_hash).toBe(blocks[i]?.hash);
    });
  });

  // A block holds its own index, proof, previous_hash and reward to account; what else it says is held by the
  // previous_hash of the one after it.
  const OWN = ['index', 'previous_hash', 'proof', 'sender', 'amount'];
  const OTHERS: Json[] = [0, 1, 2, 7, 0.5, '', '0', 'x', 'f'.repeat(64), null, true, [], {}, 10n ** 30n];
  const changes = chain.slice(0, -1).flatMap((block, position) => {
    const paths: (string | number)[][] = Object.keys(block).map((key) => [key]);
    if (position > 0)
      for (const key of ['amount', 'recipient', 'sender']) paths.push(['transactions', 0, key]);
    return paths.map((path) => ({ position, index: position + 1, path, key: path.at(-1) as string }));
  });

  it.each(changes)(
    'fails with another $path in block $index, at the first block that no longer holds',
    (change) => {
      const { position, path, key } = change;
      let tried = 0;
      for (const other of OTHERS) {
        const changed = structuredClone(chain);
        if (!setAt(changed[position] as JsonObject, path, other)) continue;
        tried++;
        const failed = firstInvalid(changed, network);
        const formed = isFormed(changed[position] as Json);
        const own = !formed || (key === 'index' ? true : position > 0 && OWN.includes(key));
        // A reward may not be left out, nor may there be another; the genesis has none to change.
        const ownTransactions = key === 'transactions' && position > 0;
        expect(failed, `${path.join('.')} = ${canonicalJson(other)}`).toBe(
          own || ownTransactions ? position + 1 : position + 2,
        );
      }
      expect(tried).toBeGreaterThan(OTHERS.length - 3);
    },
  );

  it('still verifies with a changed recipient in its last block, whose content nothing confirms', () => {
    const changed = structuredClone(chain);
    setAt(changed.at(-1) as JsonObject, ['transactions', 0, 'recipient'], 'somebody else');
    expect(firstInvalid(changed, network)).toBeUndefined();
  });
});

/** The number, from 1, of the first block that does not hold. */
function firstInvalid(chain: readonly Json[], network: NetworkSpec): number | undefined {
  const blocks: Block[] = [];
  for (const [position, json] of chain.entries()) {
    try {
      blocks.push(readBlock(json));
      checkChain(blocks, network);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidBlock);
      return position + 1;
    }
  }
  return undefined;
}

function isFormed(json: Json): boolean {
  try {
    return readBlock(json) instanceof Block;
  } catch {
    return false;
  }
}

/** @returns whether that changed anything */
function setAt(json: JsonObject, path: readonly (string | number)[], value: Json): boolean {
  let at = json as Record<string | number, Json>;
  for (const key of path.slice(0, -1)) at = at[key] as unknown as Record<string | number, Json>;
  const last = path.at(-1) as string;
  if (canonicalJson(at[last]) === canonicalJson(value)) return false;
  at[last] = value;
  return true;
}
