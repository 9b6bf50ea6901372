// Changes a store at random until it is killed. Says before each change what the store will be after it, and after
// each change that it was acknowledged: one line of JSON each. Runs the built sources.
import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Block, createNetwork, identified, rewardFor, Transaction } from '../../dist/src/chain/index.js';
import { durableStore } from '../../dist/src/storage/index.js';

const [directory, seed] = process.argv.slice(2);
const network = createNetwork({ name: 'test', difficulty: 0 });
const store = durableStore(directory, network);
await store.open();

let state = Number(seed);
/** A whole number from 0 to `below` - 1; mulberry32. */
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

let chain = [];
for (let index = 1; index <= store.head.length; index++) chain.push(await store.blockAt(index));
let pending = (await store.pending()).map(({ transaction }) => transaction);

function grown(from, count, payments) {
  const blocks = [...from];
  for (let left = count; left > 0; left--) {
    const parent = blocks.at(-1);
    const taken = left === 1 ? payments.splice(0) : payments.splice(0, random(3));
    blocks.push(
      new Block({
        index: parent.index + 1,
        timestamp: parent.index,
        transactions: [...taken, rewardFor(randomBytes(4).toString('hex'))],
        proof: random(1000),
        previous_hash: parent.hash,
      }),
    );
  }
  return blocks;
}

const some = (transactions) => transactions.filter(() => random(2) === 0);
const payment = () => new Transaction('alice', 'bob', 1, randomBytes(16).toString('hex'));
const paymentsIn = (blocks) => blocks.flatMap(({ transactions }) => identified(transactions));
const without = (transactions, gone) => {
  const ids = new Set(gone.map(({ id }) => id));
  return transactions.filter(({ id }) => !ids.has(id));
};

function say(line) {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function change(newChain, newPending, apply) {
  const ids = newPending.map(({ id }) => id).join();
  say({ head: newChain.at(-1).hash, pending: createHash('sha256').update(ids).digest('hex') });
  await apply();
  say('acknowledged');
  chain = newChain;
  pending = newPending;
}

async function append() {
  const longer = grown(chain, 1 + random(3), some(pending));
  const blocks = longer.slice(chain.length);
  await change(longer, without(pending, paymentsIn(blocks)), () => store.append(blocks));
}

async function addPending() {
  const added = Array.from({ length: 1 + random(5) }, payment);
  const entries = added.map((transaction) => ({ transaction, receivedAt: 0, from: null }));
  await change(chain, [...pending, ...added], () => store.addPending(entries));
}

async function adopt() {
  const depth = random(3) === 0 ? 900 : random(40);
  const fork = Math.max(1, chain.length - depth);
  const removed = paymentsIn(chain.slice(fork));
  const longer = grown(chain.slice(0, fork), chain.length - fork + 1, some([...removed, ...pending]));
  const blocks = longer.slice(fork);
  const begun = await store.beginBranch(fork);
  let branch = begun;
  for (let i = 0; i < blocks.length; i += 300)
    branch = await store.extendBranch(branch, blocks.slice(i, i + 300));
  await change(longer, without([...pending, ...removed], paymentsIn(blocks)), () => store.adopt(branch, 0));
}

say('ready');
for (;;) await [append, addPending, adopt][random(3)]();
