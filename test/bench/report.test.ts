import { type } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';

it('tells what was measured also where there is no git, and on what system', async () => {
  const { print } = await import(pathToFileURL('bench/report.js').href);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('PATH', '');
  try {
    print({ bench: 'none', figures: [{ what: 'something', value: 5, unit: 'ms' }] }, 'markdown');
    const text = log.mock.calls.join('\n');
    expect(text).toContain('| something | 5 ms |');
    expect(text).toMatch(new RegExp(`, ${type()} \\S+, Node \\S+, no commit$`));
  } finally {
    log.mockRestore();
    vi.unstubAllEnvs();
  }
});
