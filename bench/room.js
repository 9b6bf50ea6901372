// A room: so many processes on this machine, each a node, all connected to all.
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** All must be connected by then, in ms. */
const MEET_MS = 120_000;
/** Gossipsub arranges its mesh once a second: it has settled by then, in ms. */
const SETTLE_MS = 3_000;
/** A message that has not arrived everywhere by then, in ms, never will. */
const ARRIVE_MS = 10_000;

/** One process, and what it is asked. */
class Member extends EventEmitter {
  #calls = new Map();
  #lastId = 0;

  constructor(file, settings) {
    super();
    this.child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(settings)]);
    this.child.on('message', (said) => {
      const asked = this.#calls.get(said.id);
      if (said.readyAt !== undefined) this.emit('ready', said.readyAt);
      else if (asked === undefined) this.emit('told', said);
      else if (said.error === undefined) asked.resolve(said.answer);
      else asked.reject(new Error(said.error));
    });
    this.child.on('exit', (code) => {
      const error = new Error(`${file} ended with code ${code}`);
      for (const { reject } of this.#calls.values()) reject(error);
      if (this.listenerCount('error') > 0) this.emit('error', error);
    });
  }

  call(call, argument) {
    return new Promise((resolve, reject) => {
      this.#calls.set(++this.#lastId, { resolve, reject });
      this.child.send({ id: this.#lastId, call, argument });
    });
  }
}

export class Room {
  /** Where each thing that was sent has been seen, and when: by key, times in ms. */
  #arrivals = new Map();
  #told = new EventEmitter();
  #startedAt = 0;
  /** @type {Member[]} */
  members = [];

  /**
   * Starts the processes; nobody knows anybody yet.
   *
   * @param {string} file - what each runs, beside this file
   * @param {object[]} settings - one a process
   */
  async start(file, settings) {
    this.members = settings.map((one) => new Member(file, one));
    const ready = await Promise.all(
      this.members.map((member) => {
        member.on('told', ({ saw, at }) => {
          this.#arrivals.set(saw, [...(this.#arrivals.get(saw) ?? []), at]);
          this.#told.emit('told');
        });
        return once(member, 'ready');
      }),
    );
    this.#startedAt = Math.max(...ready.flat());
  }

  get size() {
    return this.members.length;
  }

  /** Connects all to all, by address, and waits until they have settled. */
  async connect() {
    const addresses = await this.ask('address');
    for (const [at, member] of this.members.entries()) await member.call('connect', addresses.slice(0, at));
    await this.met();
    await delay(SETTLE_MS);
  }

  /** @returns {Promise<number>} ms from the last one's start until all were connected to all */
  async met() {
    const until = Date.now() + MEET_MS;
    let last = 0;
    for (const member of this.members) {
      for (;;) {
        const { count, at } = await member.call('peers');
        last = Math.max(last, at ?? 0);
        if (count >= this.size - 1) break;
        if (Date.now() > until) throw new Error(`${this.size} nodes did not meet within ${MEET_MS} ms`);
        await delay(50);
      }
    }
    return last - this.#startedAt;
  }

  /** Asks all the same. */
  ask(call) {
    return Promise.all(this.members.map((member) => member.call(call)));
  }

  /**
   * Lets a member send something, and waits until all others have it.
   *
   * @returns {Promise<{ms: number, bytes: number}>} until the last had it; and its size
   */
  async spread(from, argument) {
    const { key, at, bytes } = await this.members[from].call('send', argument);
    const signal = AbortSignal.timeout(ARRIVE_MS);
    while ((this.#arrivals.get(key)?.length ?? 0) < this.size - 1) await once(this.#told, 'told', { signal });
    const ms = Math.max(...this.#arrivals.get(key)) - at;
    this.#arrivals.delete(key);
    return { ms, bytes };
  }

  /** Ends all processes. */
  async stop() {
    await Promise.all(
      this.members.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  }
}
