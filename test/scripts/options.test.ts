/** `npm run simulate`, `crash`, `soak` and `fuzz`: a number that is none must not end as a run in which all was well. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each([
  ['simulate', '--last', '20k', '--last must be a whole number, not "20k"'],
  ['simulate', '--first', '20000', 'there are no seeds from 20000 to 10000'],
  ['simulate', '--steps', '1;4', '--steps must be numbers of steps with commas between them, or none'],
  ['simulate', '--jobs', '0', '--jobs must be a whole number from 1 on, not "0"'],
  ['crash', '--kills', '1k', '--kills must be a whole number from 1 on, not "1k"'],
  ['crash', '--kill', '5', "Unknown option '--kill'"],
  ['soak', '--minutes', '2h', '--minutes must be a whole number from 1 on, not "2h"'],
  ['fuzz', '--parser', 'blok', 'there is no parser blok; there are '],
  ['fuzz', '--count', '0', '--count must be a whole number from 1 on, not "0"'],
])('%s %s %s is refused in one line', (script, option, value, message) => {
  const args = [`scripts/${script}.js`, option, value];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toMatch(/^.+\n$/);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
