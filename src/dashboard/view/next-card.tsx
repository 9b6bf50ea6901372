/** The block that is not there yet: what it will be tied to, what waits for it, and whether it is searched for. */
import { numeric } from '../model/block.js';
import { shortHash } from '../model/hash.js';
import { usePage } from './context.js';
import { roughly } from './format.js';
import { hueStyle } from './parts.js';

export function NextCard() {
  const { dashboard, words } = usePage();
  const { chain, pending, mining } = dashboard;
  const previous = chain.head?.hash ?? '';
  const { search } = mining;
  return (
    <div class="card next">
      <span class="card-head">
        <strong>{words.block(chain.length + 1)}</strong>
      </span>
      <span class="ribbon">
        <span class="half" style={hueStyle(previous)}>
          <small>{words.previous}</small>
          <code>{shortHash(previous)}</code>
        </span>
        <span class="half unknown">?</span>
      </span>
      <span class="card-facts">
        <span>{words.waiting(pending.size)}</span>
        {search !== null && (
          <span>
            {words.searchingProof} <b>{roughly(numeric(search.tried), words)}</b>
          </span>
        )}
      </span>
    </div>
  );
}
