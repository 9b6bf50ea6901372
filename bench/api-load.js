// Calls of the control API at a steady pace, each kind on a connection of its own, and how long each took.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Between an answer and the next call of the same kind, in ms: a page that asks often, not a flood. */
const PAUSE_MS = 5;

export const CALLS = {
  '/status': () => ({ method: 'GET' }),
  '/transactions/new': () => ({ method: 'POST', body: payment() }),
  '/chain?limit=100': () => ({ method: 'GET' }),
};

/**
 * @param {string} url - where the API is
 * @param {() => boolean} goesOn - asked after each call
 * @returns {Promise<Record<string, number[]>>} ms of every call, by its path
 */
export async function load(url, goesOn) {
  const loops = Object.entries(CALLS).map(async ([path, make]) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const times = [];
    try {
      await call(agent, url, path, make()); // connects
      do {
        times.push(await call(agent, url, path, make()));
        await delay(PAUSE_MS);
      } while (goesOn());
    } finally {
      agent.destroy();
    }
    return [path, times];
  });
  return Object.fromEntries(await Promise.all(loops));
}

/** @returns {Promise<number>} ms from the call to the last byte of its answer */
async function call(agent, url, path, { method, body }) {
  const began = performance.now();
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const asked = request(new URL(path, url), { agent, method, headers });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode}`);
  return performance.now() - began;
}

function payment() {
  return JSON.stringify({
    sender: 'alice',
    recipient: 'bob',
    amount: 5,
    nonce: randomBytes(16).toString('hex'),
  });
}
