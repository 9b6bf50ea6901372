/** What is installed with this package is what was reviewed: exact versions, known licences, no scripts but those named. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scratch } from './helpers/scratch.js';

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const manifest = readJson('package.json');
const lock = readJson('package-lock.json');
const packages = Object.entries<Locked>(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, locked]) => ({ name: path.replace(/^.*node_modules\//, ''), ...locked }));
const installed = packages.filter(({ dev }) => !dev);

/** They ask for no more than that they are named, in the SPDX's terms. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0'];
/** Of tools that are part of nothing that is released. */
const OF_TOOLS = [...PERMISSIVE, 'MPL-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'Unlicense'];
/** Says it in an older way: MIT. */
const UNSAID = ['prelude-ls'];
/** Has native code, and its script chooses what was built for this machine. */
const NATIVE = ['classic-level'];

function isUnder(licence: string | undefined, allowed: readonly string[]): boolean {
  const choices = (licence ?? '').replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => allowed.includes(choice));
}

describe('the lock file', () => {
  it('is of this package.json: npm ci installs exactly what it names', () => {
    const { name, version, dependencies, devDependencies } = manifest;
    expect(lock.lockfileVersion).toBe(3);
    expect(lock.packages['']).toMatchObject({ name, version, dependencies, devDependencies });
  });

  it('has one version and one SHA-512 for everything, from the registry alone', () => {
    const odd = packages.filter(
      ({ version, integrity, resolved, link }) =>
        !/^\d+\.\d+\.\d+/.test(version) ||
        !integrity?.startsWith('sha512-') ||
        resolved !== undefined ||
        link,
    );
    expect(odd).toEqual([]);
  });
});

describe('the licence of every package', () => {
  it('that is installed with this one is permissive', () => {
    expect(installed.filter(({ license }) => !isUnder(license, PERMISSIVE))).toEqual([]);
  });

  it('that builds or tests it is known', () => {
    const unknown = packages.filter(({ license }) => !isUnder(license, OF_TOOLS));
    expect(unknown.map(({ name }) => name)).toEqual(UNSAID);
  });

  it.each(['dist/bin', 'dist/dashboard'])(
    'that is bundled in %s is written beside it, with its text',
    (folder) => {
      const sections = readFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), 'utf8').split(/^-{80}$/m);
      const standard = sections.filter((section) => /^(MIT|Apache-2\.0)$/m.test(section));
      const ofPackages = sections.filter((section) => !standard.includes(section));
      expect(ofPackages.length).toBeGreaterThan(5);
      for (const section of ofPackages) {
        const [, licence] = /^\S+ \d\S+ \((.+)\)$/m.exec(section) ?? [];
        expect(isUnder(licence, PERMISSIVE), section.slice(0, 200)).toBe(true);
        const [, name] = /^Used under (\S+), the text of which is at the end/m.exec(section) ?? [];
        const text = name === undefined ? section : standard.find((each) => each.trim().startsWith(name));
        expect(text, section.slice(0, 200)).toMatch(
          /permission is hereby|permission to use|redistribution and use|apache license/i,
        );
      }
    },
  );
});

describe('scripts that run when something is installed', () => {
  const withScripts = packages.filter(({ hasInstallScript }) => hasInstallScript);

  it('are each reviewed in package.json', () => {
    expect(withScripts.map(({ name }) => name).sort()).toEqual(Object.keys(manifest.allowScripts).sort());
  });

  it('are of native modules alone, for those who install this package', () => {
    expect(withScripts.filter(({ dev }) => !dev).map(({ name }) => name)).toEqual(NATIVE);
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});

it('the bill of materials names what is released, bundled parts too, and no tools', async () => {
  const file = join(scratch(), 'sbom.json');
  await promisify(execFile)(process.execPath, ['scripts/sbom.js', file]);
  const { bomFormat, metadata, components } = readJson(file);
  expect(bomFormat).toBe('CycloneDX');
  expect(metadata.component).toMatchObject({ name: manifest.name, version: manifest.version });
  const names: string[] = components.map(({ purl }: { purl: string }) =>
    decodeURIComponent(purl.replace(/^pkg:npm\/(.+)@[^@]+$/, '$1')),
  );
  // An alias goes by the name of what it stands for, as in the registry.
  for (const name of ['libp2p', '@libp2p/gossipsub', 'classic-level', 'preact', 'swagger-ui-dist'])
    expect(names).toContain(name);
  expect(new Set(names).size).toBeGreaterThan(100);
  expect(names.filter((name) => ['vitest', 'typescript', 'esbuild'].includes(name))).toEqual([]);
  for (const { purl, hashes, licenses } of components) {
    expect(hashes?.[0], purl).toMatchObject({ alg: 'SHA-512' });
    expect(licenses?.length, purl).toBeGreaterThan(0);
  }
});
