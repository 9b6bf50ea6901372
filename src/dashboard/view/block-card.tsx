/** A block in the row. Its ribbon is half the previous hash, half its own: where two blocks meet, the colours do. */
import { Component } from 'preact';
import type { Arrival } from '../model/arrivals.js';
import type { ShownBlock } from '../model/block.js';
import type { Fate } from '../model/branches.js';
import { isHash, shortHash } from '../model/hash.js';
import type { Words } from '../words/index.js';
import { clockOrDay } from './format.js';
import { hueStyle } from './parts.js';

export interface BlockCardProps {
  readonly block: ShownBlock;
  readonly words: Words;
  readonly arrival: Arrival | undefined;
  /** Of whoever it came from, or who mined it. */
  readonly origin: string;
  readonly fate?: Fate | undefined;
  readonly focusable: boolean;
  onOpen(): void;
}

/** A card that is asked to open always opens the same. */
const SHOWN = ['block', 'words', 'arrival', 'origin', 'fate', 'focusable'] as const;

function CardFace({ block, words, arrival, origin, fate, focusable, onOpen }: BlockCardProps) {
  const { index, hash, previousHash, proof, time, transactions } = block;
  return (
    <button
      type="button"
      class={fate === undefined ? 'card' : `card lost ${fate}`}
      data-index={index}
      data-hash={hash}
      tabIndex={focusable ? 0 : -1}
      onClick={onOpen}
    >
      <span class="card-head">
        <strong>{index === 1 ? words.genesis : words.block(index)}</strong>
        {fate !== undefined && <em>{words[fate]}</em>}
      </span>
      <span class="ribbon">
        <span class={isHash(previousHash) ? 'half' : 'half none'} style={hueStyle(previousHash)}>
          <small>{words.previous}</small>
          <code>{shortHash(previousHash)}</code>
        </span>
        <span class="half own" style={hueStyle(hash)}>
          <small>{words.hash}</small>
          <code>{shortHash(hash)}</code>
        </span>
      </span>
      {fate === undefined && (
        <span class="card-facts">
          <span>
            <small>{words.proof}</small> {proof}
          </span>
          <span>
            <small>{words.time}</small> {clockOrDay(time, words)}
          </span>
          <span>{words.transactionsCount(transactions.length)}</span>
        </span>
      )}
      <span class="card-foot">
        {fate === 'tied' ? (
          <b>{words.nextDecides}</b>
        ) : (
          <>
            {origin}
            {arrival?.afterMs !== undefined && <b> {words.afterMs(arrival.afterMs)}</b>}
          </>
        )}
      </span>
    </button>
  );
}

/** Drawn again only where it shows something else: the page is drawn at each event. */
export class BlockCard extends Component<BlockCardProps> {
  override shouldComponentUpdate(next: BlockCardProps): boolean {
    return SHOWN.some((name) => this.props[name] !== next[name]);
  }

  override render() {
    return <CardFace {...this.props} />;
  }
}
