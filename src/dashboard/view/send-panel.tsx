/** A form to send a transaction, and what became of it. */
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { stringText } from '../../chain/canonical.js';
import { describe } from '../model/mining.js';
import { api } from '../node/api.js';
import { usePage } from './context.js';
import { Panel } from './parts.js';

type Outcome = { readonly id: string } | { readonly problem: string };

/** The amount goes as it was written: `5.0` is not `5` to a hash. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export function SendPanel() {
  const { dashboard, words, look } = usePage();
  const [outcome, setOutcome] = useState<Outcome>();
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const amount = NUMBER.test(text('amount')) ? text('amount') : stringText(text('amount'));
    const body = `{"sender": ${stringText(text('sender'))}, "recipient": ${stringText(text('recipient'))}, "amount": ${amount}}`;
    try {
      setOutcome({ id: (await api.send(body)).id });
      form.querySelector<HTMLInputElement>('[name=amount]')?.select();
    } catch (error) {
      setOutcome({ problem: describe(error) || words.notReached });
    }
  };
  return (
    <Panel title={words.send} explain="send" class="send">
      <form onSubmit={(event) => void send(event)}>
        <label>
          {words.sender}
          <input name="sender" required maxLength={256} autoComplete="off" placeholder="alice" />
        </label>
        <label>
          {words.recipient}
          <input name="recipient" required maxLength={256} autoComplete="off" placeholder="bob" />
        </label>
        <label>
          {words.amount}
          <input
            name="amount"
            required
            maxLength={40}
            autoComplete="off"
            inputMode="decimal"
            placeholder="5"
          />
        </label>
        <button type="submit" class="primary" disabled={dashboard.connection.state !== 'live'}>
          {words.sendButton}
        </button>
      </form>
      <p class="outcome" role="status">
        {outcome && 'id' in outcome && (
          <>
            {words.sent}{' '}
            <button type="button" class="small" onClick={() => look({ kind: 'transaction', id: outcome.id })}>
              {words.follow}
            </button>
          </>
        )}
        {outcome && 'problem' in outcome && <span class="problem">{outcome.problem}</span>}
      </p>
    </Panel>
  );
}
