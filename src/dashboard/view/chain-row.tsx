/** The chain as a row of linked blocks, the newest at the end; the branches that lost below, from where they forked. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownBlock } from '../model/block.js';
import type { BesideBlock } from '../model/branches.js';
import { BlockCard } from './block-card.js';
import { type Page, usePage } from './context.js';
import { nameOf } from './names.js';
import { Explain, hueStyle } from './parts.js';
import { useRow } from './virtual.js';

/** From one block to the next, in px: a card and its link. */
const COLUMN = 236;
/** From one lane of branches to the next, in px. */
const LANE = 148;
/** Of a card in the chain, in px… */
const CARD = 204;
/** …and down to the first lane of branches. */
const MAIN = 222;
/** A row of more blocks than browsers can lay out begins later; what is before is reached by its number. */
const LONGEST_ROW = 60_000;

export function ChainRow() {
  const page = usePage();
  const { dashboard, words } = page;
  const { chain, branches } = dashboard;
  const scroller = useRef<HTMLDivElement>(null);
  const base = Math.max(0, chain.length - LONGEST_ROW);
  const last = branches.reduce((max, { block }) => Math.max(max, block.index), chain.length);
  const row = useRow({ count: last - base, size: COLUMN, scroller });
  const { atEnd, toEnd } = useFollowing(row, chain.length - base);
  const [focused, setFocused] = useState(0);
  const items = row.getVirtualItems();
  const first = (items[0]?.index ?? 0) + base + 1;
  const final = (items.at(-1)?.index ?? 0) + base + 1;
  useEffect(() => chain.want(first, final), [first, final, chain.head, chain.at(first), chain.at(final)]);
  const seen = branches.filter(({ block }) => block.index >= first && block.index <= final);
  const lanes = seen.reduce((max, { lane }) => Math.max(max, lane), 0);
  const focusIndex = focused >= first && focused <= final ? focused : Math.min(final, chain.length);

  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: focusIndex - 1,
      ArrowRight: focusIndex + 1,
      Home: base + 1,
      End: chain.length,
    };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(Math.max(wanted, base + 1), chain.length);
    setFocused(index);
    row.scrollToIndex(index - base - 1, { align: 'auto' });
    focusSoon(scroller.current, index);
  };

  return (
    <section class="chain" aria-labelledby="chain-title" id="chain">
      <div class="chain-head">
        <h2 id="chain-title">{words.chain}</h2>
        <GoTo
          base={base}
          length={chain.length}
          go={(index) => {
            setFocused(index);
            row.scrollToIndex(index - base - 1, { align: 'center' });
            focusSoon(scroller.current, index);
          }}
        />
        {!atEnd && (
          <button type="button" onClick={toEnd}>
            {words.newest} →
          </button>
        )}
      </div>
      {chain.length > 0 && (
        <p class="summary">{words.summary(chain.length, dashboard.peers.length, dashboard.pending.size)}</p>
      )}
      <Explain of="chain" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the blocks in it are buttons; the arrows go from one to the next */}
      <div class="scroller" ref={scroller} onKeyDown={move}>
        <ol
          class="row"
          aria-label={words.chain}
          style={{
            width: `${row.getTotalSize()}px`,
            height: `${lanes === 0 ? CARD : MAIN + lanes * LANE}px`,
          }}
        >
          {items.map(({ index: at, start }) => {
            const index = at + base + 1;
            if (index > chain.length) return null;
            return (
              <li
                key={index}
                class="cell"
                aria-setsize={chain.length}
                aria-posinset={index}
                style={{ transform: `translateX(${start}px)` }}
              >
                <Cell
                  index={index}
                  block={chain.at(index)}
                  focusable={index === focusIndex}
                  page={page}
                  isHead={index === chain.length}
                />
              </li>
            );
          })}
          {seen.map((beside) => (
            <LostCell
              key={beside.block.hash}
              beside={beside}
              left={(beside.block.index - base - 1) * COLUMN}
              page={page}
            />
          ))}
        </ol>
      </div>
      {branches.length > 0 && <Explain of="fork" />}
    </section>
  );
}

interface CellProps {
  readonly index: number;
  readonly block: ShownBlock | undefined;
  readonly focusable: boolean;
  readonly isHead: boolean;
  readonly page: Page;
}

function Cell({ index, block, focusable, isHead, page }: CellProps) {
  const { words, dashboard, look } = page;
  if (block === undefined) {
    return (
      <div class="card empty">
        <strong>{words.block(index)}</strong>
        <span>{words.loading}</span>
      </div>
    );
  }
  return (
    <>
      <BlockCard
        block={block}
        words={words}
        arrival={dashboard.arrivals.of(block.hash)}
        origin={originOf(page, block)}
        focusable={focusable}
        onOpen={() => look({ kind: 'block', block })}
      />
      {!isHead && <span class="link" style={hueStyle(block.hash)} aria-hidden="true" />}
    </>
  );
}

function LostCell({ beside, left, page }: { beside: BesideBlock; left: number; page: Page }) {
  const { block, fate, lane, parentLane } = beside;
  const { dashboard, look, words } = page;
  const top = MAIN + (lane - 1) * LANE;
  return (
    <li class="cell lost-cell" style={{ transform: `translate(${left}px, ${top}px)` }}>
      <Fork
        hash={block.previousHash}
        rise={lane === parentLane ? 0 : parentLane === 0 ? top : (lane - parentLane) * LANE}
      />
      <BlockCard
        block={block}
        words={words}
        arrival={dashboard.arrivals.of(block.hash)}
        origin={originOf(page, block)}
        fate={fate}
        focusable
        onOpen={() => look({ kind: 'block', block, beside })}
      />
    </li>
  );
}

/** The width of the gap between two cards, and the height at which the ribbon's middle is, in px. */
const GAP = 28;
const RIBBON = 62;

/** From the ribbon of the block before down to this one's. */
function Fork({ hash, rise }: { hash: string; rise: number }) {
  const height = Math.max(rise, 0) + 12;
  const bottom = height - 6;
  return (
    <svg
      class="fork"
      style={{ ...hueStyle(hash), top: `${RIBBON - rise - 6}px` }}
      width={GAP}
      height={height}
      viewBox={`0 0 ${GAP} ${height}`}
      aria-hidden="true"
    >
      <path d={`M0 6 C ${GAP * 0.8} 6, ${GAP * 0.2} ${bottom}, ${GAP} ${bottom}`} />
    </svg>
  );
}

function originOf(page: Page, block: ShownBlock): string {
  const { words, dashboard } = page;
  const arrival = dashboard.arrivals.of(block.hash);
  if (arrival?.source === 'own' || (block.miner !== undefined && block.miner === dashboard.status?.peer_id))
    return words.minedHere;
  if (arrival?.from) {
    const name = nameOf(page, arrival.from);
    return arrival.source === 'sync' ? words.fetchedFrom(name) : words.fromPeer(name);
  }
  return block.miner === undefined ? '' : `${words.miner}: ${nameOf(page, block.miner)}`;
}

/** The row stays at its end while it grows, unless the reader has gone elsewhere. */
function useFollowing(row: ReturnType<typeof useRow>, count: number) {
  const following = useRef(true);
  const shown = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  useEffect(() => {
    const element = row.scrollElement;
    if (element === null) return;
    const look = () => {
      const end = row.options.count * COLUMN - element.clientWidth - COLUMN / 2;
      following.current = element.scrollLeft >= end;
      setAtEnd(following.current);
    };
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [row.scrollElement]);
  const toEnd = () => {
    following.current = true;
    const far = count - shown.current > 5 || !atEnd;
    row.scrollToIndex(count - 1, { align: 'end', behavior: far || calm() ? 'auto' : 'smooth' });
  };
  useEffect(() => {
    if (count > shown.current && following.current) toEnd();
    shown.current = count;
  }, [count]);
  return { atEnd, toEnd };
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** A card is there only once the row has scrolled to it. */
function focusSoon(scroller: HTMLElement | null, index: number, attempts = 30): void {
  const card = scroller?.querySelector<HTMLElement>(`.card[data-index="${index}"]`);
  if (card) card.focus({ preventScroll: true });
  else if (attempts > 0) requestAnimationFrame(() => focusSoon(scroller, index, attempts - 1));
}

function GoTo({ base, length, go }: { base: number; length: number; go(index: number): void }) {
  const { words } = usePage();
  return (
    <form
      class="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        const index = Number(new FormData(event.currentTarget).get('index'));
        if (Number.isSafeInteger(index) && index > base && index <= length) go(index);
      }}
    >
      <label>
        {words.goTo}{' '}
        <input name="index" type="number" min={base + 1} max={length} inputMode="numeric" required />
      </label>
      <button type="submit">{words.go}</button>
    </form>
  );
}
