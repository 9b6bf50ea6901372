// Kills a real node at random moments and looks whether all is there (test/crash):
//   npm run crash                              a thousand times
//   npm run crash -- --seed 42 --kills 50      these; a seed repeats what is done, not to the microsecond when
import { apart, needNamespaces } from './namespace.js';
import { COUNT, readOptions, WHOLE_NUMBER } from './options.js';
import { bundled, ran } from './program.js';

readOptions({ seed: { type: 'string' }, kills: { type: 'string' } }, { seed: WHOLE_NUMBER, kills: COUNT });
needNamespaces();
const program = await bundled('test/crash/main.ts');
const { command, env } = apart([process.execPath, '--enable-source-maps', program, ...process.argv.slice(2)]);
process.exitCode = await ran(command, env);
