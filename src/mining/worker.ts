/** A mining thread: takes part in each search it is given, and says when it is through with it. */

import { parentPort } from 'node:worker_threads';
import { SharedSearch, type WorkOrder } from './shared-search.js';

parentPort?.on('message', ({ id, job }: WorkOrder) => {
  new SharedSearch(job).work();
  parentPort?.postMessage(id);
});
