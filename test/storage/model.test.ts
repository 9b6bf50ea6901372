import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, identified, type PendingTransaction } from '../../src/chain/index.js';
import { nextBlock, payments } from '../helpers/chains.js';
import { allBytes, GENESIS, hashes, received, STORES, type TestStore, textsOf } from './support.js';

/** Few enough that the same payment often stands in several chains. */
const PAYMENTS = payments(12);

/** What a store should be: plain arrays. */
interface Model {
  chain: Block[];
  pending: PendingTransaction[];
  /** Oldest first. */
  replaced: Block[];
}

type Step =
  | { kind: 'append'; blocks: number[][] }
  | { kind: 'adopt'; depth: number; miner: string; blocks: number[][] }
  | { kind: 'add'; payments: number[] };

const chosen = fc.uniqueArray(fc.nat(PAYMENTS.length - 1), { maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), blocks: fc.array(chosen, { maxLength: 6 }) }),
  fc.record({
    kind: fc.constant('adopt' as const),
    depth: fc.nat(12),
    miner: fc.constantFrom('a', 'b'),
    blocks: fc.array(chosen, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('add' as const), payments: chosen }),
);

/** The chain with these payments in blocks more, each payment at most once in a chain. */
function grown(chain: readonly Block[], blocks: readonly number[][], miner: string): Block[] {
  const longer = [...chain];
  const used = new Set(idsIn(chain));
  for (const wanted of blocks) {
    const transactions = wanted.map((i) => PAYMENTS[i]!).filter(({ id }) => !used.has(id));
    for (const { id } of transactions) used.add(id);
    longer.push(nextBlock(longer.at(-1)!, { transactions, miner, difficulty: 0 }));
  }
  return longer;
}

const idsIn = (blocks: readonly Block[]) =>
  blocks.flatMap(({ transactions }) => identified(transactions).map(({ id }) => id));

async function apply({ store }: TestStore, model: Model, step: Step, at: number): Promise<void> {
  const known = new Set([...idsIn(model.chain), ...model.pending.map(({ transaction }) => transaction.id)]);
  if (step.kind === 'append') {
    const longer = grown(model.chain, step.blocks, 'we');
    await store.append(longer.slice(model.chain.length));
    settle(model, longer);
  } else if (step.kind === 'add') {
    const entries = step.payments.map((i) => received(PAYMENTS[i]!, at, 'peer'));
    await store.addPending(entries);
    model.pending.push(...entries.filter(({ transaction }) => !known.has(transaction.id)));
  } else {
    const fork = Math.max(1, model.chain.length - step.depth);
    const removed = model.chain.slice(fork);
    const blocks = [...removed.map((_, i) => step.blocks[i] ?? []), ...step.blocks];
    const longer = grown(model.chain.slice(0, fork), blocks, step.miner);
    const branch = await store.extendBranch(await store.beginBranch(fork), longer.slice(fork));
    const adoption = await store.adopt(branch, at);
    const included = new Set(idsIn(longer));
    const returned = removed
      .flatMap(({ transactions }) => identified(transactions))
      .filter(({ id }) => !included.has(id))
      .map((transaction) => received(transaction, at));
    expect(adoption.returned).toEqual(returned);
    expect(new Set(adoption.included)).toEqual(
      new Set(model.pending.map(({ transaction }) => transaction.id).filter((id) => included.has(id))),
    );
    expect(adoption).toMatchObject({ fork, removed: removed.length, head: store.head });
    model.pending.push(...returned);
    model.replaced.push(...removed);
    settle(model, longer);
  }
}

function settle(model: Model, chain: Block[]): void {
  const included = new Set(idsIn(chain));
  model.chain = chain;
  model.pending = model.pending.filter(({ transaction }) => !included.has(transaction.id));
}

async function compare({ store }: TestStore, { chain, pending, replaced }: Model): Promise<void> {
  const last = chain.at(-1)!;
  expect(store.head).toEqual({ length: chain.length, hash: last.hash, proof: last.proof });
  expect(await allBytes(store)).toEqual(textsOf(chain));
  expect(await store.pending()).toEqual(pending);
  expect(hashes((await store.replaced()).map(({ block }) => block))).toEqual(
    hashes(replaced.slice(-100)).reverse(),
  );
  const places = chain.flatMap((block) => idsIn([block]).map((id): [string, number] => [id, block.index]));
  expect(await store.locate(PAYMENTS.map(({ id }) => id))).toEqual(new Map(places));
}

describe.each(STORES)('a store %s, whatever is done to it', (name, create) => {
  it('is what plain arrays would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const test = await create();
        try {
          const model: Model = { chain: [GENESIS], pending: [], replaced: [] };
          for (const [position, step] of steps.entries()) {
            await apply(test, model, step, 1_000 + position);
            await test.settle();
            await compare(test, model);
          }
          const contents = await test.audit();
          expect(hashes(contents.blocks)).toEqual(hashes(model.chain));
        } finally {
          await test.dispose();
        }
      }),
      { numRuns: name === 'in memory' ? 100 : 15 },
    );
  });
});
