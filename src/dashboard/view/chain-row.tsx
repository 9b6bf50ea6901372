/** The chain as a row of linked blocks, the newest at the end; the branches that lost below, from where they forked. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownBlock } from '../model/block.js';
import { fateOf } from '../model/branches.js';
import { BlockCard } from './block-card.js';
import { type Page, usePage } from './context.js';
import { GoTo } from './go-to.js';
import { Legend } from './legend.js';
import { COLUMN, heightWith, LostCell } from './lost-cell.js';
import { NextCard } from './next-card.js';
import { originOf } from './origin.js';
import { Explain, hueStyle } from './parts.js';
import { useRow } from './virtual.js';

/** The next block is drawn so much narrower, in px, that a telephone shows the newest beside it. */
const NEXT_NARROWER = 84;
/** A row of more blocks than browsers can lay out begins later; what is before is reached by its number. */
const LONGEST_ROW = 60_000;

export function ChainRow() {
  const page = usePage();
  const { dashboard, words } = page;
  const { chain, branches, tied, tiedHeads } = dashboard;
  const scroller = useRef<HTMLDivElement>(null);
  const base = Math.max(0, chain.length - LONGEST_ROW);
  // The next block has its place, too.
  const end = chain.length === 0 ? 0 : chain.length + 1;
  const last = branches.reduce((max, { block }) => Math.max(max, block.index), end);
  const row = useRow({ count: last - base, size: COLUMN, scroller });
  const { atEnd, toEnd } = useFollowing(row, end - base);
  const [focused, setFocused] = useState(0);
  const items = row.getVirtualItems();
  const first = (items[0]?.index ?? 0) + base + 1;
  const final = (items.at(-1)?.index ?? 0) + base + 1;
  useEffect(() => chain.want(first, final), [first, final, chain.head, chain.at(first), chain.at(final)]);
  const seen = branches.filter(({ block }) => block.index >= first && block.index <= final);
  const lanes = seen.reduce((max, { lane }) => Math.max(max, lane), 0);
  // Beyond what is seen stand a few cards more, which nobody means.
  const lastSeen = (row.range?.endIndex ?? 0) + base + 1;
  const focusIndex = Math.min(focused >= first && focused <= final ? focused : lastSeen, chain.length);

  const move = (event: KeyboardEvent) => {
    // These are the browser's: Alt and left goes back.
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const from = indexOf(event.target) ?? focusIndex;
    const steps: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
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
        <p class="summary">
          {words.summary(chain.length, dashboard.peers.length, dashboard.pending.size)}
          {tiedHeads.length > 0 && <b> {words.tie(tiedHeads.length)}</b>}
        </p>
      )}
      <Explain of="chain" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the blocks in it are buttons; the arrows go from one to the next */}
      <div
        class="scroller"
        ref={scroller}
        onKeyDown={move}
        onFocusIn={({ target }) => setFocused(indexOf(target) ?? focused)}
      >
        <ol
          class="row"
          aria-label={words.chain}
          style={{
            width: `${row.getTotalSize() - (last === end ? NEXT_NARROWER : 0)}px`,
            height: `${heightWith(lanes)}px`,
          }}
        >
          {items.map(({ index: at, start }) => {
            const index = at + base + 1;
            if (index > end) return null;
            return (
              <li
                key={index}
                class={index === chain.length ? 'cell newest' : 'cell'}
                aria-setsize={end}
                aria-posinset={index}
                style={{ transform: `translateX(${start}px)` }}
              >
                {index === end ? (
                  <NextCard />
                ) : (
                  <Cell index={index} block={chain.at(index)} focusable={index === focusIndex} page={page} />
                )}
              </li>
            );
          })}
          {seen.map((beside) => (
            <LostCell
              key={beside.block.hash}
              beside={beside}
              fate={fateOf(beside, tied)}
              left={(beside.block.index - base - 1) * COLUMN}
              page={page}
            />
          ))}
        </ol>
      </div>
      <Legend />
      {branches.length > 0 && <Explain of="fork" />}
    </section>
  );
}

interface CellProps {
  readonly index: number;
  readonly block: ShownBlock | undefined;
  readonly focusable: boolean;
  readonly page: Page;
}

function Cell({ index, block, focusable, page }: CellProps) {
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
      <span class="link" style={hueStyle(block.hash)} aria-hidden="true" />
    </>
  );
}

/** The row stays at its end while it grows, unless the reader has gone elsewhere. */
function useFollowing(row: ReturnType<typeof useRow>, count: number) {
  const following = useRef(true);
  const shown = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  useEffect(() => {
    const element = row.scrollElement;
    if (element === null) return;
    let before = element.scrollLeft;
    const look = () => {
      const end = row.options.count * COLUMN - element.clientWidth - COLUMN / 2;
      if (element.scrollLeft >= end) following.current = true;
      // Backwards goes only the reader; what is on its way to the end, and not there yet, still follows.
      else if (element.scrollLeft < before) following.current = false;
      before = element.scrollLeft;
      setAtEnd(following.current);
    };
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [row.scrollElement]);
  const toEnd = () => {
    following.current = true;
    const far = count - shown.current > 5 || !atEnd;
    const behavior = far || calm() ? 'auto' : 'smooth';
    // Where there is no room for both, the newest block counts more than the next.
    if ((row.scrollElement?.clientWidth ?? 0) < 2 * COLUMN)
      row.scrollToIndex(Math.max(0, count - 2), { align: 'start', behavior });
    else row.scrollToIndex(count - 1, { align: 'end', behavior });
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

/** Of the block on whose card something happens; undefined beside all cards. */
function indexOf(target: EventTarget | null): number | undefined {
  const card = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return card === null ? undefined : Number(card.dataset.index);
}

/** A card is there only once the row has scrolled to it. */
function focusSoon(scroller: HTMLElement | null, index: number, attempts = 30): void {
  const card = scroller?.querySelector<HTMLElement>(`.card[data-index="${index}"]`);
  if (card) card.focus({ preventScroll: true });
  else if (attempts > 0) requestAnimationFrame(() => focusSoon(scroller, index, attempts - 1));
}
