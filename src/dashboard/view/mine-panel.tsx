/** Forging a block: begin, watch, stop; and have the node do it by itself. */
import { useState } from 'preact/hooks';
import { numeric } from '../model/block.js';
import { usePage } from './context.js';
import { count, roughly } from './format.js';
import { Panel } from './parts.js';

/** A mean time between blocks that a class can follow, in seconds. */
const DEFAULT_PACE = 10;
/** More than this is not read digit by digit. */
const MANY_TRIES = 1e9;

export function MinePanel() {
  const { dashboard, words } = usePage();
  const { mining, connection } = dashboard;
  const can = connection.state === 'live';
  return (
    <Panel title={words.mine} explain="mine" class="mine">
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={!can || mining.isAsking}
          onClick={() => void mining.mine()}
        >
          {words.mineBlock}
        </button>
        <button type="button" disabled={!mining.isAsking} onClick={() => mining.stop()}>
          {words.stop}
        </button>
      </div>
      <Progress />
      <p class="outcome" role="status">
        {mining.forged !== undefined && words.forged(mining.forged)}
        {mining.problem !== undefined && <span class="problem">{mining.problem || words.notReached}</span>}
      </p>
      <Automatic />
    </Panel>
  );
}

function Progress() {
  const { dashboard, words } = usePage();
  const { mining, status } = dashboard;
  const { search } = mining;
  if (search === null) return mining.isAsking ? <p class="progress-line">{words.waitingForMiner}</p> : null;
  const needed = 16 ** (status?.difficulty ?? 0);
  const tried = numeric(search.tried);
  const rate = numeric(search.rate);
  // By the node's clock, which need not be this browser's.
  const seconds = rate > 0 ? tried / rate : 0;
  // How probable it was to be done by now: luck has no memory, so no bar can tell how much is left.
  const luck = 1 - Math.exp(-tried / needed);
  return (
    <div class="progress">
      <p class="progress-line">{words.searching(search.index)}</p>
      <progress max={1} value={luck} aria-label={words.searching(search.index)} />
      <dl class="figures">
        <div>
          <dd>{roughly(tried, words)}</dd>
          <dt>{words.tried}</dt>
        </div>
        <div>
          <dd>{roughly(rate, words)}</dd>
          <dt>{words.perSecond}</dt>
        </div>
        <div>
          <dd>{words.inSeconds(seconds)}</dd>
          <dt>{words.soFar}</dt>
        </div>
      </dl>
      <p class="note">
        {words.expected(needed < MANY_TRIES ? count(needed, words) : roughly(needed, words))}
      </p>
    </div>
  );
}

function Automatic() {
  const { dashboard, words } = usePage();
  const { mining } = dashboard;
  const pace = mining.everySeconds ?? null;
  // What is being written says nothing yet: "2" may become "25".
  const [draft, setDraft] = useState(String(DEFAULT_PACE));
  const [writing, setWriting] = useState(false);
  const commit = (seconds: number) => {
    setWriting(false);
    if (!(seconds > 0)) setDraft(String(pace ?? DEFAULT_PACE));
    else if (pace !== null) void mining.setPace(seconds);
  };
  return (
    <div class="automatic">
      <label>
        <input
          type="checkbox"
          checked={pace !== null}
          disabled={mining.everySeconds === undefined}
          onChange={(event) =>
            void mining.setPace(event.currentTarget.checked ? Number(draft) || DEFAULT_PACE : null)
          }
        />{' '}
        {words.automatic}
      </label>
      <label>
        {words.every}{' '}
        <input
          type="number"
          class="pace"
          min="0.1"
          max="86400"
          step="any"
          value={writing || pace === null ? draft : pace}
          onInput={(event) => {
            setWriting(true);
            setDraft(event.currentTarget.value);
          }}
          onChange={(event) => commit(Number(event.currentTarget.value))}
          onBlur={() => setWriting(false)}
        />{' '}
        {words.seconds}
      </label>
    </div>
  );
}
