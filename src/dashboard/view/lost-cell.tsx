/** A block that lost, or has not won yet, in a lane below the chain, tied to the block it came after. */
import type { BesideBlock, Fate } from '../model/branches.js';
import { BlockCard } from './block-card.js';
import type { Page } from './context.js';
import { originOf } from './origin.js';
import { hueStyle } from './parts.js';

/** From one block to the next, in px: a card and its link. */
export const COLUMN = 236;
/** Of the row of the chain itself, in px… */
export const MAIN_ROW = 204;
/** …down to the first lane of branches… */
const FIRST_LANE = 222;
/** …and from one lane to the next. */
const LANE = 148;

/** Of the chain with so many lanes of branches, in px. */
export function heightWith(lanes: number): number {
  return lanes === 0 ? MAIN_ROW : FIRST_LANE + lanes * LANE;
}

export interface LostCellProps {
  readonly beside: BesideBlock;
  readonly fate: Fate;
  readonly left: number;
  readonly page: Page;
}

export function LostCell({ beside, fate, left, page }: LostCellProps) {
  const { block, lane, parentLane } = beside;
  const { dashboard, look, words } = page;
  const top = FIRST_LANE + (lane - 1) * LANE;
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
      class="fork-line"
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
