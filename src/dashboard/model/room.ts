/** The whole network, asked for again and again while somebody looks at it. */
import type { RoomNode } from '../node/answers.js';
import { api } from '../node/api.js';
import { Soon } from './soon.js';

/** In ms. */
const REFRESH_MS = 1_000;
const BURST_MS = 20;

export class Room {
  nodes: readonly RoomNode[] = [];
  readonly #fetch = new Soon(async () => {
    this.nodes = await api.room();
    this.changed();
  }, BURST_MS);

  constructor(private readonly changed: () => void) {}

  /** Something has happened: the picture is drawn anew before its time. */
  readonly ask = this.#fetch.ask;

  start(): void {
    window.setInterval(() => {
      if (!document.hidden) this.ask();
    }, REFRESH_MS);
  }
}
