/** The command line. A mistake gets one line and exit code 2; a reader that goes away (`| head`) ends it quietly. */
import { EXIT_MISTAKE, errorLine } from './errors.js';
import { originalStack } from './original-stack.js';
import { run } from './program.js';

function fail(error: unknown): void {
  if (/ --log-level[ =]debug\b/.test(process.argv.join(' ')) && error instanceof Error)
    process.stderr.write(`${originalStack(error.stack ?? '')}\n`);
  process.stderr.write(`${errorLine(error)}\n`, () => process.exit(EXIT_MISTAKE));
}

function readerGone(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  else fail(error);
}

process.stdout.on('error', readerGone);
process.stderr.on('error', () => {}); // nobody is left to be told
process.on('uncaughtException', fail);

let done = false;
process.once('beforeExit', () => {
  // Nothing is left that could end what was begun.
  if (!done) fail(new Error('the program ended before it was done'));
});

run(process.argv.slice(2)).then(() => {
  done = true;
}, fail);
