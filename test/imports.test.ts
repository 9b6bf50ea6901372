/** Imports point one way through the house: what a folder may know of the others is written here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Each part of the sources and what it may import besides itself: a folder, a file, or a folder's only open file.
 * `import type` counts as any other import: who needs a type of another part knows that part.
 */
const RULES: Record<string, readonly string[]> = {
  'src/chain/': [],
  'src/interface-table.ts': [],
  'src/link-local.ts': [],
  'src/keep-latest.ts': [],
  'src/peer-names.ts': ['src/keep-latest.ts'],
  'src/log.ts': [],
  'src/version.ts': [],
  'src/serial.ts': [],
  'src/allowance.ts': [],
  'src/bounds.ts': [],
  'src/open-files.ts': [],
  'src/quote.ts': [],
  'src/reason.ts': [],
  'src/token-buckets.ts': [],
  'src/valve.ts': [],
  'src/with-any.ts': [],
  'src/mining/': ['src/chain/', 'src/log.ts'],
  'src/storage/': [
    'src/chain/',
    'src/keep-latest.ts',
    'src/log.ts',
    'src/open-files.ts',
    'src/reason.ts',
    'src/serial.ts',
  ],
  'protocols/chain/': ['src/chain/', 'src/bounds.ts', 'src/log.ts', 'src/token-buckets.ts'],
  'protocols/gossip/': [
    'src/chain/',
    'src/allowance.ts',
    'src/bounds.ts',
    'src/log.ts',
    'src/serial.ts',
    'src/token-buckets.ts',
    'src/valve.ts',
  ],
  'src/network/': [
    'protocols/',
    'src/chain/',
    'src/allowance.ts',
    'src/bounds.ts',
    'src/interface-table.ts',
    'src/keep-latest.ts',
    'src/link-local.ts',
    'src/log.ts',
    'src/open-files.ts',
    'src/quote.ts',
    'src/token-buckets.ts',
    'src/valve.ts',
    'src/with-any.ts',
  ],
  'src/node/': [
    'src/chain/',
    'src/mining/',
    'src/storage/',
    'src/network/',
    'protocols/',
    'src/allowance.ts',
    'src/bounds.ts',
    'src/keep-latest.ts',
    'src/log.ts',
    'src/open-files.ts',
    'src/quote.ts',
    'src/reason.ts',
    'src/serial.ts',
    'src/token-buckets.ts',
    'src/version.ts',
    'src/with-any.ts',
  ],
  'src/control/': [
    'src/node/index.ts',
    'src/chain/',
    'src/interface-table.ts',
    'src/keep-latest.ts',
    'src/link-local.ts',
    'src/log.ts',
    'src/open-files.ts',
    'src/quote.ts',
    'src/version.ts',
    'src/with-any.ts',
  ],
  // Runs in a browser: of the rest of the house it knows how JSON is read and written and names are kept, and talks to it by HTTP.
  'src/dashboard/': ['src/chain/json.ts', 'src/chain/canonical.ts', 'src/peer-names.ts'],
  'src/cli/': ['src/', 'protocols/'],
  'src/index.ts': [
    'src/node/',
    'src/chain/',
    'src/mining/',
    'src/storage/',
    'src/network/',
    'protocols/',
    'src/log.ts',
    'src/tutorial.ts',
    'src/version.ts',
  ],
  'src/tutorial.ts': ['src/chain/', 'src/mining/'],
};

/** Paths from the repository's root, with `/`, and their text. */
type Sources = ReadonlyMap<string, string>;

interface Import {
  readonly from: string;
  /** As it is written. */
  readonly specifier: string;
  /** The source it means. */
  readonly to: string;
}

const STATIC = /^[ \t]*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
/** Also the types that are written `import('…').Name`. */
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*[,)]/g;

function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    [STATIC, BARE, DYNAMIC]
      .flatMap((pattern) => Array.from(text.matchAll(pattern), ([, specifier]) => specifier as string))
      .filter((specifier) => /^\.{0,2}\//.test(specifier) && !specifier.endsWith('.css'))
      .map((specifier) => ({
        from,
        specifier,
        to: sourceOf(posix.join(posix.dirname(from), specifier), sources),
      })),
  );
}

/** What is written `./a.js` is `a.ts`, or `a.tsx` in the dashboard. */
function sourceOf(path: string, sources: Sources): string {
  const component = path.replace(/\.js$/, '.tsx');
  return sources.has(component) ? component : path.replace(/\.js$/, '.ts');
}

function within(path: string, part: string): boolean {
  return part.endsWith('/') ? path.startsWith(part) : path === part;
}

/** Sources that no rule speaks of: they need one. */
function homeless(sources: Sources): string[] {
  return [...sources.keys()]
    .filter((path) => !Object.keys(RULES).some((part) => within(path, part)))
    .map((path) => `${path} belongs to no part of the house: give it a rule in ${NAME}`);
}

function forbidden(sources: Sources): string[] {
  return importsOf(sources).flatMap(({ from, specifier, to }) => {
    const own = Object.keys(RULES).find((part) => within(from, part));
    if (own === undefined || within(to, own)) return [];
    const allowed = RULES[own] as readonly string[];
    if (allowed.some((part) => within(to, part))) return [];
    const may = allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`;
    return [`${from} imports '${specifier}': ${own} may import ${may}`];
  });
}

function unresolved(sources: Sources): string[] {
  return importsOf(sources).flatMap(({ from, specifier, to }) => {
    if (!specifier.endsWith('.js')) return [`${from} imports '${specifier}': a relative import ends in .js`];
    return sources.has(to) ? [] : [`${from} imports '${specifier}': there is no ${to}`];
  });
}

/** Each cycle once, as a chain of files that ends where it begins. */
function cycles(sources: Sources): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of importsOf(sources)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    } else if (!done.has(path)) {
      for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of [...sources.keys()].sort()) visit(path, []);
  return found;
}

const NAME = 'test/imports.test.ts';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function ourSources(): Sources {
  return new Map(
    ['src', 'protocols']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(folder, path),
        ),
      )
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
      .map((path) => [path.split(sep).join('/'), readFileSync(join(root, path), 'utf8')]),
  );
}

describe('our sources', () => {
  const sources = ourSources();

  it('are found, and their imports with them', () => {
    expect(sources.size).toBeGreaterThan(15);
    expect(importsOf(sources).length).toBeGreaterThan(30);
  });

  it('each belong to a part of the house', () => {
    expect(homeless(sources)).toEqual([]);
  });

  it('import only what their part may know', () => {
    expect(forbidden(sources)).toEqual([]);
  });

  it('never end work by AbortSignal.any, which forgets time limits: by withAny', () => {
    const forgetful = [...sources].filter(([, text]) => text.includes('AbortSignal.any('));
    expect(forgetful.map(([path]) => path)).toEqual([]);
  });

  it('import files that exist, by names that end in .js', () => {
    expect(unresolved(sources)).toEqual([]);
  });

  it('import one another in no circle', () => {
    expect(cycles(sources)).toEqual([]);
  });
});

describe('the rules', () => {
  it.each([
    ['src/chain/block.ts', '../log.js'],
    ['src/mining/miner.ts', '../storage/store.js'],
    ['src/storage/store.ts', '../node/index.js'],
    ['protocols/chain/client.ts', '../gossip/topics.js'],
    ['protocols/gossip/topics.ts', '../../src/network/host.js'],
    ['src/network/host.ts', '../node/index.js'],
    ['src/network/host.ts', '../storage/store.js'],
    ['src/node/node.ts', '../control/server.js'],
    ['src/node/node.ts', '../index.js'],
    ['src/control/server.ts', '../node/node.js'],
    ['src/control/server.ts', '../network/host.js'],
    ['src/log.ts', './chain/index.js'],
    ['src/index.ts', './cli/main.js'],
    ['src/index.ts', './control/server.js'],
    ['src/dashboard/model/chain.ts', '../../chain/index.js'],
    ['src/dashboard/model/chain.ts', '../../control/schemas/blocks.js'],
  ])('forbid that %s imports %s, in whatever form', (from, specifier) => {
    for (const line of [
      `import { a } from '${specifier}';`,
      `import type { A } from "${specifier}";`,
      `import {\n  a,\n  type B,\n} from '${specifier}';`,
      `export * from '${specifier}';`,
      `export type { A } from '${specifier}';`,
      `import '${specifier}';`,
      `const a = await import('${specifier}');`,
      `type A = import('${specifier}').A;`,
    ]) {
      const [message, ...more] = forbidden(new Map([[from, `const before = 1;\n${line}\n`]]));
      expect(message, line).toMatch(new RegExp(`^${from} imports '${specifier}': \\S+ may import `));
      expect(more).toEqual([]);
    }
  });

  it.each([
    ['src/chain/block.ts', './json.js'],
    ['src/mining/miner.ts', '../log.js'],
    ['protocols/chain/client.ts', '../../src/chain/index.js'],
    ['src/network/host.ts', '../../protocols/gossip/index.js'],
    ['src/node/node.ts', '../../protocols/chain/index.js'],
    ['src/control/server.ts', '../node/index.js'],
    ['src/cli/main.ts', '../control/server.js'],
    ['src/dashboard/model/chain.ts', '../../chain/json.js'],
    ['src/index.ts', './node/index.js'],
    ['src/chain/hash.ts', 'node:crypto'],
  ])('allow that %s imports %s', (from, specifier) => {
    expect(forbidden(new Map([[from, `import { a } from '${specifier}';`]]))).toEqual([]);
  });

  it('see a circle, and name its way', () => {
    const sources = new Map([
      ['src/chain/a.ts', "import './b.js';"],
      ['src/chain/b.ts', "import type { C } from './c.js';"],
      ['src/chain/c.ts', "export * from './b.js';"],
    ]);
    expect(cycles(sources)).toEqual(['src/chain/b.ts -> src/chain/c.ts -> src/chain/b.ts']);
    expect(cycles(new Map([['src/a.ts', "import './a.js';"]]))).toEqual(['src/a.ts -> src/a.ts']);
  });

  it('see an import without .js, one of nothing, and a file of no part', () => {
    const sources = new Map([['src/new/a.ts', "import './b';\nimport './c.js';\nimport './a.json';"]]);
    expect(unresolved(sources)).toEqual([
      "src/new/a.ts imports './b': a relative import ends in .js",
      "src/new/a.ts imports './c.js': there is no src/new/c.ts",
      "src/new/a.ts imports './a.json': a relative import ends in .js",
    ]);
    expect(homeless(sources)).toEqual([
      'src/new/a.ts belongs to no part of the house: give it a rule in test/imports.test.ts',
    ]);
  });
});
