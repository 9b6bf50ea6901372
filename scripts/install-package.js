// Packs this package as `npm publish` would, and installs it into an empty folder as a user would.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns the folder, and what removes it; no folder where npm could not install */
export function installPackage() {
  const directory = mkdtempSync(join(tmpdir(), 'gossipchain-installed-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  writeFileSync(join(directory, 'package.json'), '{"private": true, "type": "module"}\n');
  const npm = (args, cwd) =>
    spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32', timeout: 300_000 });
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', directory], process.cwd());
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'));
  const result = tarball
    ? npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], directory)
    : packed;
  if (result.status !== 0) {
    console.warn(
      `The package could not be installed into an empty folder, so that test is skipped:\n${result.stderr}`,
    );
    remove();
    return { remove: () => {} };
  }
  return { directory, remove };
}
