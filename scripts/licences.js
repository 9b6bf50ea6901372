// The licence texts of the packages that are bundled, as their licences ask.
import { readdirSync, readFileSync } from 'node:fs';

const SEPARATOR = `\n${'-'.repeat(80)}\n\n`;
/** Of those that leave out the text of their licence; of two they offer, the first here is taken. */
const STANDARD = ['MIT', 'Apache-2.0'];
/** In a text of a licence, and hardly anywhere else. */
const ANY_TEXT =
  /permission is hereby granted|permission to use, copy|redistribution and use|apache license/i;

/**
 * @param {string[]} files - paths of what was bundled
 * @returns {string} each package once, by name; then the texts that they leave out
 * @throws where a package has no licence at all, or neither the text of it nor a standard one
 */
export function licencesOf(files) {
  const packages = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  const licences = [...new Set(packages.filter((path) => path !== undefined))].map(licenceOf);
  const texts = [...new Set(licences.map(({ text }) => text))].sort();
  const standard = STANDARD.filter((name) => licences.some((licence) => licence.standard === name));
  return [...texts, ...standard.map(standardText)].join(SEPARATOR);
}

function licenceOf(directory) {
  const { name, version, license, author } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} says nothing of its licence`);
  const title = `${name} ${version} (${license})`;
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(`${directory}/${file}`, 'utf8').trim());
  if (texts.some((text) => ANY_TEXT.test(text))) return { text: `${[title, ...texts].join('\n\n')}\n` };
  const standard = STANDARD.find((each) => license.split(' OR ').includes(each));
  if (standard === undefined) throw new Error(`${name} leaves out the text of its licence, ${license}`);
  const holder = author?.name ?? author ?? `the authors of ${name}`;
  const notice = `Copyright (c) ${holder}\n\nUsed under ${standard}, the text of which is at the end of this file.`;
  return { text: `${[title, notice].join('\n\n')}\n`, standard };
}

function standardText(name) {
  return `${name}\n\n${readFileSync(new URL(`licences/${name}.txt`, import.meta.url), 'utf8').trim()}\n`;
}
