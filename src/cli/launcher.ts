#!/usr/bin/env node
/**
 * Runs the bundled program with the code that V8 compiled of it before: to compile it anew is a third of a start.
 * Node has this built in from 22.1 on (`module.enableCompileCache`); Node 20 does not.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CompiledScript } from './compiled-script.js';
import { hasRun } from './has-run.js';
import { platformPaths } from './platform-paths.js';

/** Of what is bundled; put in by scripts/bundle.js. */
declare const BUILD: string;

void launch();

async function launch(): Promise<void> {
  const cache = (await platformPaths())?.cache;
  const compiled = cache && join(cache, 'compiled');
  const program = new CompiledScript(
    join(import.meta.dirname, 'program.cjs'),
    compiled && join(compiled, `${BUILD}-${process.version}-${process.arch}`),
  );
  program.run();
  // A node that has started has run nearly all that other commands do; after `start --help`, say, next to nothing is compiled, and
  // it would be kept for good. Keeping blocks for 30 to 100 ms, so it is done when the node has stopped.
  if (!program.wasCompiled && compiled !== undefined)
    process.once('exit', (code) => {
      if (code === 0 && hasRun()) keep(program, compiled);
    });
}

/** In place of what other versions of the program or of Node have left. */
function keep(program: CompiledScript, compiled: string): void {
  try {
    rmSync(compiled, { recursive: true, force: true });
  } catch {
    return; // what may not be removed there may not be written, either
  }
  program.keep();
}
