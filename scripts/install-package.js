// Packs this package as `npm publish` would, and installs it into an empty folder as a user would.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What npm says where it reaches no registry. */
const OFFLINE =
  /code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTCACHED)/;

/**
 * @returns the folder, and what removes it; no folder where npm is offline
 * @throws where it could not be installed for any other reason
 */
export function installPackage() {
  const directory = mkdtempSync(join(tmpdir(), 'gossipchain-installed-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  writeFileSync(join(directory, 'package.json'), '{"private": true, "type": "module"}\n');
  // `npm test` hands this project's own settings (.npmrc) down to every npm below it; a user's folder has none of them.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)));
  const shell = process.platform === 'win32';
  const npm = (args, cwd) => spawnSync('npm', args, { cwd, env, encoding: 'utf8', shell, timeout: 300_000 });
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', directory], process.cwd());
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'));
  const result = tarball
    ? npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], directory)
    : packed;
  if (result.status !== 0) {
    remove();
    const problem = `The package could not be installed into an empty folder:\n${result.stderr}`;
    if (!OFFLINE.test(result.stderr)) throw new Error(problem);
    console.warn(`${problem}\nnpm is offline: what is tested as installed is skipped.`);
    return { remove: () => {} };
  }
  return { directory, remove };
}
