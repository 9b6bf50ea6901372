// Bare Fastify that answers a constant of the size of each answer; on request it searches for a proof on all cores.
import { availableParallelism } from 'node:os';
import { fastify } from 'fastify';
import { Miner } from '../dist/src/mining/miner.js';

const STATUS = { length: 1000, head: '0'.repeat(64), addresses: ['x'.repeat(80)], name: 'x'.repeat(200) };
const SENT = { message: 'Transaction will be added to Block 1001', id: '0'.repeat(64) };
const CHAIN = { chain: Array.from({ length: 100 }, (_, index) => ({ index, text: 'x'.repeat(240) })) };

const app = fastify();
app.get('/status', () => STATUS);
app.post('/transactions/new', () => SENT);
app.get('/chain', () => CHAIN);
app.get('/mine', () => new Miner({ threads: availableParallelism() }).search(100, 16));
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => process.exit(0));
console.log(`${address}\nCtrl-C stops it.`);
