/** What a pending transaction holds: no more than it says, however large the request was that it came in. */
import { describe, expect, it } from 'vitest';
import { parseJson, type Transaction } from '../../src/chain/index.js';
import { newPayment, sendPayment } from '../../src/node/payment.js';
import { memoryStore } from '../../src/storage/index.js';
import { testNetwork } from '../helpers/chains.js';
import { bytesAlive } from '../helpers/garbage.js';

const MIB = 1 << 20;
const BODY_BYTES = 64 << 10;
const PAYMENTS = 400;

/** As large as a body may be, and most of it blanks. */
function paddedBody(number: number): Buffer {
  const nonce = number.toString(16).padStart(32, '0');
  const names = `"sender": "a sender of some length", "recipient": "and a recipient, too"`;
  return Buffer.from(`{${names}, "amount": 5, "nonce": "${nonce}"}`.padEnd(BODY_BYTES));
}

describe('a payment', () => {
  it('holds nothing of its request: hundreds that came in the largest of bodies weigh next to nothing', () => {
    const before = bytesAlive();
    const payments: Transaction[] = [];
    for (let number = 0; number < PAYMENTS; number++)
      payments.push(newPayment(parseJson(paddedBody(number))));
    expect(bytesAlive() - before).toBeLessThan(4 * MIB);
    expect(payments.at(-1)?.toJSON()).toEqual({
      amount: 5,
      nonce: (PAYMENTS - 1).toString(16).padStart(32, '0'),
      recipient: 'and a recipient, too',
      sender: 'a sender of some length',
    });
  });

  it('whose block a reorganisation takes out as it is sent again is pending', async () => {
    const network = testNetwork();
    const store = memoryStore(network);
    await store.open();
    const follower = { admit: async () => 'in-chain' as const, head: { length: 7 } };
    const parts = { follower, store, publish: async () => {} } as unknown as Parameters<
      typeof sendPayment
    >[0];
    const fields = { sender: 'alice', recipient: 'bob', amount: 5 };
    expect(await sendPayment(parts, network, fields)).toMatchObject({ status: 'pending', block: 8 });
    await store.close();
  });
});
