/** All of a block, and the text its hash is made of: to be copied, computed again, and tampered with. */
import { useState } from 'preact/hooks';
import type { ShownBlock, ShownTransaction } from '../model/block.js';
import type { BesideBlock } from '../model/branches.js';
import { sha256Hex } from '../model/hash.js';
import { standingOf } from '../model/standing.js';
import { usePage } from './context.js';
import { dateAndTime } from './format.js';
import { nameOf, shortId } from './names.js';
import { OpenBlock } from './open-block.js';
import { CopyButton, Explain, HashChip } from './parts.js';
import { ProofCheck } from './proof-check.js';

export function BlockDetail({ block, beside }: { block: ShownBlock; beside: BesideBlock | undefined }) {
  const page = usePage();
  const { words, dashboard } = page;
  const { index, hash, previousHash, proof, time, transactions, miner } = block;
  const standing = standingOf(block, beside, dashboard);
  const isOurs = standing === 'chain';
  return (
    <article class="detail">
      <h2 id="drawer-title">{index === 1 ? words.genesis : words.block(index)}</h2>
      {isOurs ? (
        <p class="note">{words.confirmations(dashboard.chain.length - index + 1)}</p>
      ) : (
        <p class="banner">{words.standings[standing]}</p>
      )}
      <dl class="fields">
        <div>
          <dt>{words.hash}</dt>
          <dd>
            <HashChip hash={hash} whole />
            <p class="ties">
              <CopyButton text={hash} what={words.hash} />
              {isOurs && index < dashboard.chain.length && (
                <OpenBlock of={index + 1} label={`${words.block(index + 1)} →`} />
              )}
            </p>
            <Explain of="hash" />
          </dd>
        </div>
        <div>
          <dt>{words.previousHash}</dt>
          <dd>
            {index === 1 ? (
              <code>{previousHash}</code>
            ) : (
              <>
                <HashChip hash={previousHash} whole />
                <p class="ties">
                  <OpenBlock
                    of={previousHash}
                    label={`← ${index === 2 ? words.genesis : words.block(index - 1)}`}
                  />
                </p>
              </>
            )}
            <Explain of={index === 1 ? 'genesis' : 'previousHash'} />
          </dd>
        </div>
        <div>
          <dt>{words.proof}</dt>
          <dd>
            {proof}
            <Explain of="proof" />
          </dd>
        </div>
        <div>
          <dt>{words.time}</dt>
          <dd>
            {dateAndTime(time, words)}
            <Explain of="time" />
          </dd>
        </div>
        {miner !== undefined && (
          <div>
            <dt>{words.miner}</dt>
            <dd title={miner}>{nameOf(page, miner)}</dd>
          </div>
        )}
      </dl>
      <h3>{words.transactionsCount(transactions.length)}</h3>
      <Explain of="transactions" />
      <Payments transactions={transactions} />
      {index > 1 && isOurs && <ProofCheck block={block} />}
      <HashInput block={block} />
    </article>
  );
}

function Payments({ transactions }: { transactions: readonly ShownTransaction[] }) {
  const page = usePage();
  const { words, look } = page;
  return (
    <ul class="payments">
      {transactions.map(({ id, sender, recipient, amount, isReward }, at) => {
        const face = (
          <>
            <span>{isReward ? words.nobody : shortId(sender)}</span> <b>→</b>{' '}
            <span title={recipient}>{isReward ? nameOf(page, recipient) : shortId(recipient)}</span>
            <strong>{amount}</strong>
          </>
        );
        return (
          <li key={id ?? at}>
            {id === undefined ? (
              <div class="payment">{face}</div>
            ) : (
              <button type="button" class="payment" onClick={() => look({ kind: 'transaction', id })}>
                {face}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function HashInput({ block }: { block: ShownBlock }) {
  const { words } = usePage();
  const [text, setText] = useState(block.text);
  const hash = sha256Hex(text);
  const fits = hash === block.hash;
  const command = `printf %s '${block.text.replaceAll("'", "'\\''")}' | sha256sum`;
  return (
    <section class="hash-input">
      <h3>
        <label for="hash-input">{words.hashInput}</label>
      </h3>
      <p class="note" id="hash-input-note">
        {words.hashInputText}
      </p>
      <textarea
        id="hash-input"
        aria-describedby="hash-input-note"
        spellcheck={false}
        rows={7}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="note">{words.hashOfText}</p>
      <p>
        <HashChip hash={hash} whole />
      </p>
      <p class={fits ? 'fits' : 'problem'} role="status">
        {fits ? `✓ ${words.hashFits}` : `✗ ${words.hashBroken(block.index + 1)}`}{' '}
        {!fits && (
          <button type="button" class="small" onClick={() => setText(block.text)}>
            {words.restore}
          </button>
        )}
      </p>
      <p class="note">{words.computeIt}</p>
      <p class="command">
        <code>{command}</code> <CopyButton text={command} what="sha256sum" />
      </p>
    </section>
  );
}
