/** One parser's part of `npm run fuzz`: a process of its own, that tells its parent where it is and how it ended. */
import { drive, type Tally } from './drive.js';
import { TARGETS } from './targets.js';

/** What the parent is told. */
export type Report =
  | { readonly at: number }
  | { readonly tally: Omit<Tally, 'outcomes'> & { readonly outcomes: Record<string, number> } }
  | { readonly failure: string };

const [name, seed, from, count] = process.argv.slice(2) as [string, string, string, string];
let at = Number(from);

function tell(report: Report): void {
  process.send?.(report);
}

/** What a listener throws ends no call: it comes here. */
process.once('uncaughtException', (error) => {
  tell({ failure: `${name}: uncaught, after input ${at}: ${error.stack}` });
  process.exitCode = 1;
  process.disconnect?.();
});

if (name === 'names') console.log(TARGETS.map((target) => target.name).join(' '));
else await run();

async function run(): Promise<void> {
  const target = TARGETS.find((each) => each.name === name);
  if (target === undefined) throw new Error(`there is no parser ${name}`);
  const progress = (next: number) => {
    at = next;
    tell({ at });
  };
  try {
    const tally = await drive(target, { seed: Number(seed), from: at, count: Number(count), progress });
    tell({ tally: { ...tally, outcomes: Object.fromEntries(tally.outcomes) } });
  } catch (error) {
    tell({ failure: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
  process.disconnect?.();
}
