// A room of ten nodes under churn and attack (test/soak), each in a network namespace of its own:
//   npm run soak                                two hours
//   npm run soak -- --minutes 5 --json FILE     as long as that; the report as JSON, too
import { fileURLToPath, pathToFileURL } from 'node:url';
import { apart, needNamespaces } from './namespace.js';
import { COUNT, readOptions, WHOLE_NUMBER } from './options.js';
import { bundled, ran } from './program.js';

readOptions(
  { minutes: { type: 'string' }, seed: { type: 'string' }, json: { type: 'string' } },
  { minutes: COUNT, seed: WHOLE_NUMBER },
);
needNamespaces();
const vitest = fileURLToPath(new URL('../test/soak/outside-vitest.ts', import.meta.url));
const collects = pathToFileURL(await bundled('test/soak/collects.ts'));
const attacker = await bundled('test/soak/attacker.ts');
const program = await bundled('test/soak/main.ts', { vitest });
const args = ['--enable-source-maps', program, '--attacker', attacker, ...process.argv.slice(2)];
const { command, env } = apart([process.execPath, ...args]);
process.exitCode = await ran(command, { ...env, NODE_OPTIONS: `--import ${collects}` });
