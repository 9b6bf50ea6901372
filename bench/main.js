// The measurements behind every figure: what each is, and the last results, are in README.md beside this file.
//
//   npm run bench -- pow | propagation | sync | startup | api | growth [--json | --markdown]
import { Command } from 'commander';
import { print } from './report.js';

/** Each is a file beside this one, with the options it takes. */
const BENCHES = {
  pow: 'proofs a second, beside the tutorial’s loop and Node’s crypto',
  propagation: 'from mined to on every one of ten nodes, beside bare gossipsub',
  sync: 'a new node takes 100,000 blocks, beside the tutorial’s own resolve; memory meanwhile',
  startup: 'from spawn to ready, and to stopped',
  api: 'answers and event loop while mining and while syncing',
  growth: 'how cost grows with nodes and blocks; draws the plots',
};

const program = new Command('bench').description(
  'Measures; every figure beside its baseline of the same run.',
);
for (const [name, description] of Object.entries(BENCHES)) {
  program
    .command(name)
    .description(description)
    .option('--json', 'print the figures as JSON')
    .option('--markdown', 'print them as a table for README.md')
    .option('--quick', 'a short run, to see that it works: its figures say little')
    .action(async ({ json, markdown, quick }) => {
      const { measure } = await import(`./${name}.js`);
      print(await measure({ quick: quick === true }), json ? 'json' : markdown ? 'markdown' : 'table');
    });
}
await program.parseAsync();
