/** A transaction from when it was sent to how many blocks confirm it, through reorganisations. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { shownTransaction } from '../model/block.js';
import type { Step } from '../model/stories.js';
import type { FoundTransaction } from '../node/answers.js';
import { api, Refusal } from '../node/api.js';
import { type Page, usePage } from './context.js';
import { clock } from './format.js';
import { nameOf } from './names.js';
import { OpenBlock } from './open-block.js';
import { CopyButton, Explain, HashChip } from './parts.js';

/** Where it is now; `gone` when the node knows nothing of it. */
type Now = FoundTransaction | 'gone' | undefined;

export function TransactionLife({ id }: { id: string }) {
  const page = usePage();
  const { dashboard, words } = page;
  const now = useNow(id, dashboard.chain.head?.hash);
  const steps = dashboard.stories.of(id);
  const found = typeof now === 'object' ? now : undefined;
  const fields = found?.transaction ?? dashboard.pending.get(id)?.transaction;
  const shown = fields && shownTransaction(fields);
  return (
    <article class="detail">
      <h2 id="drawer-title">{words.life}</h2>
      <Explain of="life" />
      {shown && (
        <p class="payment big">
          <span>{shown.sender}</span> <b>→</b> <span>{shown.recipient}</span>
          <strong>{shown.amount}</strong>
        </p>
      )}
      <p class="note">
        {words.transactionId} <HashChip hash={id} /> <CopyButton text={id} what={words.transactionId} />
      </p>
      <ol class="life">
        {steps.map((step, at) => (
          <li key={at} class={step.kind}>
            <time>{clock(step.at, words)}</time>
            <span>{told(page, step)}</span>
          </li>
        ))}
        <Present now={now} steps={steps} page={page} />
      </ol>
    </article>
  );
}

/** Asked again whenever the chain has changed. */
function useNow(id: string, head: string | undefined): Now {
  const [now, setNow] = useState<Now>();
  useEffect(() => {
    let wanted = true;
    api
      .transaction(id)
      .catch((error: unknown) =>
        error instanceof Refusal && error.status === 404 ? ('gone' as const) : undefined,
      )
      .then((found) => {
        if (wanted && found !== undefined) setNow(found);
      });
    return () => {
      wanted = false;
    };
  }, [id, head]);
  return now;
}

function told(page: Page, step: Step): ComponentChildren {
  const { steps } = page.words;
  switch (step.kind) {
    case 'sent':
      return steps.sent;
    case 'heard':
      return steps.heard(nameOf(page, step.from));
    case 'block':
      return steps.block(step.index, step.miner === undefined ? '?' : nameOf(page, step.miner));
    case 'returned':
      return steps.returned(step.index);
    case 'moved':
      return steps.moved(step.index);
  }
}

function Present({ now, steps, page }: { now: Now; steps: readonly Step[]; page: Page }) {
  const { words } = page;
  if (now === undefined) return null;
  if (now === 'gone') return <li class="now gone">{words.steps.gone}</li>;
  if (now.block === null) return <li class="now waiting">{words.steps.pending}…</li>;
  const last = steps.at(-1);
  const isTold = last?.kind === 'block' && last.index === now.block;
  return (
    <>
      {!isTold && (
        <li class="block">
          <span>{words.steps.inBlock(now.block)}</span>
        </li>
      )}
      <li class="now confirmed" data-testid="confirmations">
        {words.confirmations(now.confirmations)} <OpenBlock of={now.block} label={words.block(now.block)} />
      </li>
    </>
  );
}
