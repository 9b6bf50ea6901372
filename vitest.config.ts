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
        // Whole processes share this machine's loopback and multicast: one file after the other.
        test: {
          name: 'e2e',
          include: ['test/{e2e,hostile,lan,crash}/**/*.test.ts'],
          fileParallelism: false,
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
