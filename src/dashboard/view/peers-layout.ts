/** Where the peers stand in their graph: this node in the middle, the others around it, none on another. */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

export interface Place {
  readonly id: string;
  x: number;
  y: number;
}

/** The graph's own units; the drawing is scaled. */
export const WIDTH = 520;
export const HEIGHT = 300;
const TICKS = 200;

/** @returns a place for each, the centre first; always the same for the same peers */
export function placePeers(centre: string, peers: readonly string[]): Place[] {
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

function fitted(nodes: readonly Place[]): Place[] {
  const reach = (pick: (place: Place) => number) => Math.max(1, ...nodes.map((node) => Math.abs(pick(node))));
  const scale = Math.min(
    1.8,
    (WIDTH / 2 - 60) / reach(({ x }) => x),
    (HEIGHT / 2 - 38) / reach(({ y }) => y),
  );
  return nodes.map(({ id, x, y }) => ({ id, x: WIDTH / 2 + x * scale, y: HEIGHT / 2 + y * scale }));
}
