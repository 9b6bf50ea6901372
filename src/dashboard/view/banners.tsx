/** What must not be overlooked: the node is away, or was; a longer chain has replaced ours; a token is needed. */
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { describe } from '../model/mining.js';
import { usePage } from './context.js';
import { clock } from './format.js';
import { nameOf } from './names.js';

export function Banners() {
  const { dashboard, words } = usePage();
  const { connection, returned, reorg } = dashboard;
  return (
    <div class="banners" role="status">
      {connection.state === 'away' && <p class="banner away">{connection.reason ?? words.away}</p>}
      {connection.state === 'live' && returned && (
        <p class={`banner back ${returned.change}`}>
          <span>
            {returned.awayMs === undefined
              ? words.restartedUnseen
              : words.backSince(
                  clock(returned.at, words),
                  Math.max(1, Math.round(returned.awayMs / 1000)),
                )}{' '}
            {returned.awayMs !== undefined && returned.restarted && words.restarted}{' '}
            {words.changes[returned.change]}
          </span>
          <button type="button" class="small" onClick={() => dashboard.dismiss('returned')}>
            {words.dismiss}
          </button>
        </p>
      )}
      {reorg && (
        <p class="banner reorg">
          <span>{words.reorgBanner(reorg.fork, reorg.removed, reorg.added)}</span>
          <button type="button" class="small" onClick={() => dashboard.dismiss('reorg')}>
            {words.dismiss}
          </button>
        </p>
      )}
    </div>
  );
}

/** The newest block, for those who hear the page. */
export function Announcer() {
  const page = usePage();
  const { dashboard, words } = page;
  const { news } = dashboard;
  return (
    <p class="unseen" aria-live="polite">
      {news !== undefined &&
        (news.from === null
          ? words.said.minedHere(news.index)
          : words.said.block(news.index, nameOf(page, news.from)))}
    </p>
  );
}

export function TokenForm() {
  const { dashboard, words } = usePage();
  const [problem, setProblem] = useState('');
  const unlock = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      await dashboard.signIn(String(new FormData(event.currentTarget).get('token')).trim());
    } catch (error) {
      setProblem(describe(error) || words.notReached);
    }
  };
  return (
    <main class="locked">
      <h2>{words.lockedTitle}</h2>
      <p>{words.lockedText}</p>
      <form onSubmit={(event) => void unlock(event)}>
        <label>
          {words.token} <input name="token" type="password" required autoComplete="current-password" />
        </label>
        <button type="submit" class="primary">
          {words.unlock}
        </button>
      </form>
      <p class="problem" role="alert">
        {problem}
      </p>
    </main>
  );
}
