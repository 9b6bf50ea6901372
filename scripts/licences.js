// The licence texts of the packages that are bundled, as their licences ask.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * @param {string[]} files - paths of what was bundled
 * @returns {string} each package once, by name
 * @throws where a package has no licence at all
 */
export function licencesOf(files) {
  const packages = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  const texts = [...new Set(packages.filter((path) => path !== undefined))].map(licenceOf);
  return [...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0 && license === undefined) throw new Error(`${name} says nothing of its licence`);
  const texts = files.map((file) => readFileSync(`${directory}/${file}`, 'utf8').trim());
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
