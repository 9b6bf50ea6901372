/** Transactions that wait for a block. */
import { shownTransaction } from '../model/block.js';
import { usePage } from './context.js';
import { shortId } from './names.js';
import { Panel } from './parts.js';

/** More would not be read. */
const SHOWN = 50;

export function PendingPanel() {
  const { dashboard, words, look } = usePage();
  const entries = [...dashboard.pending.values()];
  return (
    <Panel title={`${words.pending} (${entries.length})`} explain="pending" class="pending">
      {entries.length === 0 && <p class="nothing">{words.nonePending}</p>}
      <ul class="payments">
        {entries.slice(0, SHOWN).map(({ id, transaction }) => {
          const { sender, recipient, amount } = shownTransaction(transaction);
          return (
            <li key={id}>
              <button type="button" class="payment" onClick={() => look({ kind: 'transaction', id })}>
                <span>{shortId(sender)}</span> <b>→</b> <span>{shortId(recipient)}</span>
                <strong>{amount}</strong>
              </button>
            </li>
          );
        })}
      </ul>
      {entries.length > SHOWN && <p class="note">{words.andMore(entries.length - SHOWN)}</p>}
    </Panel>
  );
}
