/** `doctor`, once its options are read. */
import { diagnosisAnswer } from '../../control/index.js';
import { hindrancesIn } from '../../node/index.js';
import type { LedgerOptions } from '../ledger-options.js';
import { writeLine } from '../output.js';
import { showWork } from '../progress.js';
import { type ClientOptions, clientIfAny } from '../target.js';
import { examine } from './examine.js';
import { isHindered, recommendation } from './recommendation.js';
import { reportText } from './report.js';

/** Exit code where something is in the way. */
const EXIT_HINDERED = 1;

export async function runDoctor(options: ClientOptions & LedgerOptions): Promise<void> {
  const client = await clientIfAny(options);
  const facts = await showWork('Listening on this network', examine(client, options));
  const hindrances = hindrancesIn(facts);
  if (options.json) {
    const answer = { ...diagnosisAnswer(facts), recommendation: recommendation(facts, hindrances) };
    await writeLine(JSON.stringify({ ok: !isHindered(hindrances), ...answer }, null, 2));
  } else {
    await writeLine(reportText(facts, hindrances));
  }
  process.exitCode = isHindered(hindrances) ? EXIT_HINDERED : 0;
}
