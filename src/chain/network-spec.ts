/** Which ledger a node keeps: nodes of different networks never mix. */
import { Block, GENESIS_INDEX } from './block.js';
import { canonicalJson } from './canonical.js';
import { InvalidBlock, InvalidNetwork } from './errors.js';
import { sha256 } from './hash.js';
import { MAX_DIFFICULTY } from './proof.js';
import { type RuleChoice, rulesOf } from './rules.js';

/** A network's name has 1 to this many code points. */
export const MAX_NETWORK_NAME = 64;

export interface NetworkSpec extends RuleChoice {
  readonly name: string;
  readonly genesis: Block;
}

/** The first block of every chain of the default network: fixed, so that nodes started apart can meet. */
export const DEFAULT_GENESIS = new Block({
  index: GENESIS_INDEX,
  timestamp: 1506057125.900785,
  transactions: [],
  proof: 100,
  previous_hash: '1',
});

export const DEFAULT_NETWORK: NetworkSpec = createNetwork({});

/**
 * A network specification, the default one where nothing is said.
 *
 * @throws InvalidNetwork `bad-name`, `bad-difficulty`, `bad-genesis`
 */
export function createNetwork(fields: { name?: string; difficulty?: number; genesis?: Block }): NetworkSpec {
  const { name = 'gossipchain', difficulty = 4, genesis = DEFAULT_GENESIS } = fields;
  const length = [...name].length;
  if (length < 1 || length > MAX_NETWORK_NAME || /\p{Cc}/u.test(name)) {
    throw new InvalidNetwork(
      'bad-name',
      `a network's name must have 1 to ${MAX_NETWORK_NAME} printable characters`,
    );
  }
  if (!Number.isInteger(difficulty) || difficulty < 0 || difficulty > MAX_DIFFICULTY) {
    throw new InvalidNetwork(
      'bad-difficulty',
      `the difficulty must be a whole number from 0 to ${MAX_DIFFICULTY}`,
    );
  }
  const spec: NetworkSpec = { name, rules: 'tutorial', difficulty, genesis };
  checkGenesis(spec);
  return spec;
}

/** What its own rules refuse, no node of the network could begin with. */
function checkGenesis(spec: NetworkSpec): void {
  try {
    rulesOf(spec).checkGenesis(spec.genesis);
  } catch (error) {
    if (error instanceof InvalidBlock) throw new InvalidNetwork('bad-genesis', error.message);
    throw error;
  }
}

/** The first 16 hex digits of the SHA-256 of its canonical JSON. */
export function networkId({ name, rules, difficulty, genesis }: NetworkSpec): string {
  return sha256(canonicalJson({ name, rules, difficulty, genesis })).slice(0, 16);
}
