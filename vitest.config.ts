import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

/** Worker threads load real files, past vitest's transforms: under test, too, they run the built worker. */
const builtWorker: Plugin = {
  name: 'built-worker',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/mining/pool.ts')) return undefined;
    return code.replace("'./worker.js'", JSON.stringify(pathToFileURL('dist/src/mining/worker.js').href));
  },
};

export default defineConfig({
  plugins: [builtWorker],
  test: {
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for comes at once on an idle machine, and not within vitest's one second on a busy one.
    expect: { poll: { timeout: 10_000 } },
    // What a person is shown depends on the terminal, and is not to depend on who runs the tests in which.
    env: { TERM: 'xterm' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,hostile,lan,browser,crash}/**'],
        },
      },
      {
        extends: true,
        // They share nothing: networks of their own, or nodes that know of nobody. And wait more than they work, so that
        // there may be more of them than cores.
        test: {
          name: 'isolated',
          include: ['test/{lan,crash}/**/*.test.ts'],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        // They share this machine's loopback and multicast: one file after the other.
        test: {
          name: 'e2e',
          include: ['test/{e2e,hostile}/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        // One browser at a time, beside the nodes that it looks at.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
