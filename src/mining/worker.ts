/** A mining thread: takes part in each search it is given, and says when it is through with it. */

import { setImmediate as turn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { MAX_DIFFICULTY } from '../chain/proof.js';
import { SharedSearch, type WorkOrder } from './shared-search.js';
import { fastestSearch } from './simd-search.js';

const WARM_UP_TURNS = 100;
const WARM_UP_TRIES = 4000;

const search = fastestSearch();

parentPort?.on('message', ({ id, job }: WorkOrder) => {
  new SharedSearch(job).work(search);
  parentPort?.postMessage(id);
});

// V8 compiles again, better, what has run for some 50 ms. Orders that come meanwhile are taken between two turns.
for (let i = 0; i < WARM_UP_TURNS; i++) {
  search(Number.MAX_SAFE_INTEGER, MAX_DIFFICULTY, 1_000_000, 1_000_000 + WARM_UP_TRIES);
  await turn();
}
