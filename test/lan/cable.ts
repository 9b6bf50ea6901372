/** A cable of our own between a host and its switch, for what this machine's kernel may lack (netem, packet filters). */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Namespace } from './namespace.js';

const PROGRAM = resolve('test/lan/cable.py');

/** Whether this machine can have such cables: tests that need them are skipped where not. */
export const hasCables =
  spawnSync('python3', ['-c', 'import heapq, json, random, select, socket']).status === 0;

export interface CableSettings {
  /** What the host sends arrives this much later. */
  readonly delayMs?: number;
  /** The share of what the host sends that is lost, 0 to 1. */
  readonly loss?: number;
  /** TCP ports of the host that nobody gets through to; 0: nobody begins a connection to it, on whichever port. */
  readonly blockedTcp?: readonly number[];
}

export class Cable {
  private constructor(
    private readonly process: ChildProcess,
    /** The device that goes into the switch. */
    readonly plug: string,
  ) {}

  /** @param seed decides which frames are lost */
  static async lay(wires: Namespace, device: string, seed: number): Promise<Cable> {
    const [plug, inner] = [`${device}p`, `${device}c`];
    await wires.ip(
      `link set ${device} nomaster`,
      `link add ${plug} up type veth peer name ${inner}`,
      `link set ${inner} up`,
    );
    const process = wires.spawn(['python3', PROGRAM, device, inner, String(seed)], { input: true });
    let errors = '';
    process.stderr?.on('data', (chunk) => (errors += chunk));
    process.once('exit', (code) => code && console.error(`the cable of ${device} ended: ${errors}`));
    const cable = new Cable(process, plug);
    await cable.#heard();
    return cable;
  }

  async set({ delayMs = 0, loss = 0, blockedTcp = [] }: CableSettings): Promise<void> {
    this.process.stdin?.write(`${JSON.stringify({ delay_ms: delayMs, loss, blocked: blockedTcp })}\n`);
    await this.#heard();
  }

  async #heard(): Promise<void> {
    await once(this.process.stdout!, 'data', { signal: AbortSignal.timeout(10_000) });
  }
}
