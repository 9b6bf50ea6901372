/** What the network does to what it carries. All chances are from 0 to 1. */
export interface Weather {
  readonly name: string;
  /** A piece takes up to so many ms; one of gossip in ten takes up to ten times as long, and is overtaken. */
  readonly slowestMs: number;
  /** That a gossiped message does not arrive. */
  readonly lost: number;
  /** That one arrives twice. */
  readonly doubled: number;
  /** That a piece breaks its stream. */
  readonly broken: number;
  /** That a piece, and all that follows it on its stream, does not arrive, though nobody is told. */
  readonly stalled: number;
  /** That a stream is refused because too many are open. */
  readonly busy: number;
}

export const CALM: Weather = {
  name: 'calm',
  slowestMs: 20,
  lost: 0,
  doubled: 0,
  broken: 0,
  stalled: 0,
  busy: 0,
};

export const WEATHERS: readonly Weather[] = [
  CALM,
  { ...CALM, name: 'slow', slowestMs: 400, doubled: 0.05 },
  { ...CALM, name: 'lossy', slowestMs: 60, lost: 0.3, doubled: 0.2, broken: 0.02, busy: 0.05 },
  { ...CALM, name: 'storm', slowestMs: 150, lost: 0.7, doubled: 0.3, broken: 0.1, stalled: 0.02, busy: 0.2 },
];
