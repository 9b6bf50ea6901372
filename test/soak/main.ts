/** `npm run soak`: `scripts/soak.js` starts it. Exit code 1: something was lost, or memory grows. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { finish } from './outside-vitest.js';
import { reportText } from './report.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    attacker: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

try {
  const report = await soak({
    minutes: Number(values.minutes),
    seed: Number(values.seed),
    attacker: values.attacker,
  });
  console.log(reportText(report));
  for (const complaint of report.complaints.slice(0, 20)) console.log(complaint);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const isGrowing = report.veterans.some(({ isFlat }) => isFlat === false);
  if ('fault' in report.end || isGrowing || report.complaints.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await finish();
}
