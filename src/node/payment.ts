/** A transaction as a person sends it. */
import { randomBytes } from 'node:crypto';
import { detached, type NetworkSpec, readTransaction, rulesOf, Transaction } from '../chain/index.js';
import type { SentTransaction } from './answers.js';
import { NodeError } from './errors.js';
import type { Parts } from './parts.js';

/**
 * A well-formed transaction with a nonce: the sender's, so that a retry is not a second payment, or a random one. It may wait
 * long for its block, and holds nothing of the request it stood in.
 *
 * @param fields `{sender, recipient, amount}` and perhaps `nonce`
 * @throws InvalidTransaction
 */
export function newPayment(fields: unknown): Transaction {
  const { sender, recipient, amount, nonce } = readTransaction(fields);
  return detached(new Transaction(sender, recipient, amount, nonce ?? randomBytes(16).toString('hex')));
}

/**
 * Checks a transaction, stores it and tells the peers of it.
 *
 * @param fields as for {@link newPayment}
 * @throws InvalidTransaction; NodeError `mempool-full`
 */
export async function sendPayment(
  { follower, store, publish }: Pick<Parts, 'follower' | 'store' | 'publish'>,
  spec: NetworkSpec,
  fields: unknown,
): Promise<SentTransaction> {
  const transaction = newPayment(fields);
  rulesOf(spec).checkTransaction(transaction);
  const admission = await follower.admit({ transaction, receivedAt: Date.now(), from: null });
  if (admission === 'full') {
    throw new NodeError(
      'mempool-full',
      'too many transactions are waiting for a block: mine one, or try again later',
    );
  }
  if (admission === 'in-chain') {
    const block = (await store.locate([transaction.id])).get(transaction.id);
    if (block !== undefined) return { transaction, status: 'in_block', block };
    // A reorganisation has just taken its block out: it is pending again.
  }
  if (admission === 'pending') await publish(transaction);
  return { transaction, status: 'pending', block: follower.head.length + 1 };
}
