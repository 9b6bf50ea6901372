/** What the demo was asked for. */
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run demo -- [--nodes 5] [--blocks 4] [--difficulty 4]

  --nodes N        how many nodes, 1 to 30
  --blocks N       rounds of mining, 1 to 100; in the last one two nodes mine at once
  --difficulty N   zeros that a proof's hash begins with, 0 to 6`;

/** @throws {Error} saying in one line what is wrong */
export function readSettings(args) {
  const { values } = parseArgs({
    args,
    options: {
      nodes: { type: 'string', default: '5' },
      blocks: { type: 'string', default: '4' },
      difficulty: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    help: values.help,
    nodes: wholeNumber('--nodes', values.nodes, 1, 30),
    blocks: wholeNumber('--blocks', values.blocks, 1, 100),
    difficulty: wholeNumber('--difficulty', values.difficulty, 0, 6),
  };
}

function wholeNumber(name, text, least, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}
