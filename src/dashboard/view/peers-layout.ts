/** Where the peers stand in their graph: this node in the middle, the others around it, no name on another. */
import { forceCollide, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** In the graph's own units; the drawing is scaled. */
export interface Layout {
  /** This node first. */
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}

/** More peers than this need the whole width, and have room for their names only. */
export const FEW = 10;
/** Room for a node's circle and its name beside the outermost places. */
const MARGIN = { x: 54, above: 30, below: 46 };
/** The least distance of two nodes: a circle with a name below. */
const RADIUS = 52;
const REPULSION = -60;
const GRAVITY = 0.1;
const TICKS = 300;
/** A few peers are not drawn far apart only because there is room. */
const MOST_STRETCHED = 1.8;

/** @returns always the same for the same peers */
export function placePeers(centre: string, peers: readonly string[], isNarrow: boolean): Layout {
  const { width, height } = sizeFor(peers.length, isNarrow);
  const nodes = [centre, ...peers].map((id, at) => {
    if (at === 0) return { id, x: 0, y: 0, fx: 0, fy: 0 };
    const angle = ((at - 1) / peers.length) * 2 * Math.PI;
    return { id, x: (width / 3) * Math.cos(angle), y: (height / 3) * Math.sin(angle) };
  });
  forceSimulation(nodes)
    .force('charge', forceManyBody().strength(REPULSION))
    .force('collide', forceCollide(RADIUS).iterations(4))
    .force('x', forceX(0).strength((GRAVITY * height) / width))
    .force('y', forceY(0).strength((GRAVITY * width) / height))
    .stop()
    .tick(TICKS);
  return fitted(nodes, width, height);
}

function sizeFor(count: number, isNarrow: boolean): { width: number; height: number } {
  if (isNarrow) return { width: 390, height: 250 + 26 * count };
  if (count <= FEW) return { width: 520, height: 320 };
  return { width: 1080, height: 320 + 5 * (count - FEW) };
}

/** Stretched into its frame, which is no higher than it must be. */
function fitted(nodes: readonly Place[], width: number, height: number): Layout {
  const [left, right] = span(nodes.map(({ x }) => x));
  const [top, bottom] = span(nodes.map(({ y }) => y));
  const stretch = (room: number, taken: number) => Math.min(MOST_STRETCHED, room / Math.max(1, taken));
  const wider = stretch(width - 2 * MARGIN.x, right - left);
  const higher = stretch(height - MARGIN.above - MARGIN.below, bottom - top);
  return {
    places: nodes.map(({ id, x, y }) => ({
      id,
      x: width / 2 + (x - (left + right) / 2) * wider,
      y: MARGIN.above + (y - top) * higher,
    })),
    width,
    height: MARGIN.above + (bottom - top) * higher + MARGIN.below,
  };
}

function span(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
