/** A transaction as a person sends it. */
import { randomBytes } from 'node:crypto';
import { readTransaction, Transaction } from '../chain/index.js';

/**
 * A well-formed transaction with a nonce: the sender's, so that a retry is not a second payment, or a random one.
 *
 * @param fields `{sender, recipient, amount}` and perhaps `nonce`
 * @throws InvalidTransaction
 */
export function newPayment(fields: unknown): Transaction {
  const { sender, recipient, amount, nonce } = readTransaction(fields);
  return new Transaction(sender, recipient, amount, nonce ?? randomBytes(16).toString('hex'));
}
