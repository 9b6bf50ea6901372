// The fuzzing of test/fuzz: a million spoilt inputs for every parser that meets bytes from outside, one process a
// parser, on all cores:
//   npm run fuzz                                       all parsers
//   npm run fuzz -- --parser block --parser gossip     these
//   npm run fuzz -- --count 50000 --seed 42            so many inputs for each, the same as the last time
//   npm run fuzz -- --parser block --input FILE        one input, as kept in test/fuzz/corpus
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { COUNT, readOptions, refuse, WHOLE_NUMBER } from './options.js';
import { bundled } from './program.js';

const values = readOptions(
  {
    parser: { type: 'string', multiple: true },
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    input: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
  { count: COUNT, seed: WHOLE_NUMBER, jobs: COUNT },
);

const program = await bundled('test/fuzz/main.ts');
const node = ['--enable-source-maps', program];

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    waiting.length = 0;
    process.exitCode = 1;
    for (const child of children) child.kill();
  });

/** Resolves with the exit code. */
function run(...args) {
  const child = spawn(process.execPath, [...node, ...args], { stdio: 'inherit' });
  children.add(child);
  return new Promise((resolve) =>
    child.on('exit', (code) => {
      children.delete(child);
      resolve(code ?? 1);
    }),
  );
}

const known = spawnSync(process.execPath, [...node, '--names'], { encoding: 'utf8' })
  .stdout.trim()
  .split('\n');
const waiting = values.parser ?? known;
const unknown = waiting.find((parser) => !known.includes(parser));
if (unknown !== undefined) refuse(`there is no parser ${unknown}; there are ${known.join(', ')}`);

if (values.input !== undefined) {
  if (waiting.length !== 1) refuse('--input needs one --parser');
  process.exitCode = await run('--parser', waiting[0], '--input', values.input);
} else {
  console.log(`Seed ${values.seed}, ${values.count} inputs a parser`);
  const { seed, count } = values;
  const codes = Array.from({ length: Number(values.jobs) }, async () => {
    let worst = 0;
    for (let parser = waiting.shift(); parser !== undefined; parser = waiting.shift())
      worst = Math.max(worst, await run('--parser', parser, '--seed', seed, '--count', count));
    return worst;
  });
  process.exitCode ||= Math.max(...(await Promise.all(codes)));
}
