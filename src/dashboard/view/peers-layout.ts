/** Where the peers stand in their graph: this node in the middle, the others around it, none on another. */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

export interface Place {
  readonly id: string;
  x: number;
  y: number;
}

/** Where everyone stands, in the graph's own units; the drawing is scaled. */
export interface Layout {
  /** The centre first. */
  readonly places: readonly Place[];
  readonly height: number;
}

export const WIDTH = 520;
const MAX_HEIGHT = 320;
/** Room for a node's circle and its name beside the outermost places. */
const MARGIN = { x: 64, above: 30, below: 46 };
const TICKS = 200;

/** @returns always the same for the same peers */
export function placePeers(centre: string, peers: readonly string[]): Layout {
  const nodes = [centre, ...peers].map((id, at) => {
    const angle = (at / Math.max(1, peers.length)) * 2 * Math.PI;
    const far = at === 0 ? 0 : 110;
    return {
      id,
      x: far * 1.5 * Math.cos(angle),
      y: far * Math.sin(angle),
      ...(at === 0 && { fx: 0, fy: 0 }),
    };
  });
  const links = peers.map((id) => ({ source: centre, target: id }));
  forceSimulation(nodes)
    .force(
      'link',
      forceLink<(typeof nodes)[number], (typeof links)[number]>(links)
        .id(({ id }) => id)
        .distance(115)
        .strength(0.4),
    )
    .force('charge', forceManyBody().strength(-420))
    .force('collide', forceCollide(34))
    .force('x', forceX(0).strength(0.03))
    .force('y', forceY(0).strength(0.11))
    .stop()
    .tick(TICKS);
  return fitted(nodes);
}

/** Scaled to the width, its middle in the middle, and no higher than it must be. */
function fitted(nodes: readonly Place[]): Layout {
  const span = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [left, right] = span(nodes.map(({ x }) => x));
  const [top, bottom] = span(nodes.map(({ y }) => y));
  const inside = MAX_HEIGHT - MARGIN.above - MARGIN.below;
  const scale = Math.min(
    1.8,
    (WIDTH - 2 * MARGIN.x) / Math.max(1, right - left),
    inside / Math.max(1, bottom - top),
  );
  return {
    places: nodes.map(({ id, x, y }) => ({
      id,
      x: WIDTH / 2 + (x - (left + right) / 2) * scale,
      y: MARGIN.above + (y - top) * scale,
    })),
    height: MARGIN.above + (bottom - top) * scale + MARGIN.below,
  };
}
