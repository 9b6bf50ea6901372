// Writes the software bill of materials of what is released, in CycloneDX: what an installation brings, and what is
// bundled from packages that only a build needs. `node scripts/sbom.js [FILE]`, after a build.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const bundled = ['dist/bin', 'dist/dashboard'].map((folder) =>
  readFileSync(`${folder}/THIRD-PARTY-LICENCES.txt`, 'utf8'),
);
/** Lies in dist/docs as its makers built it. */
const COPIED = ['swagger-ui-dist'];

const npm = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 64 << 20,
  shell: process.platform === 'win32',
});
if (npm.status !== 0) throw new Error(`npm sbom failed: ${npm.stderr}`);
const bom = JSON.parse(npm.stdout);

const isForDevelopment = ({ properties = [] }) =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
const isBundled = ({ group, name, version }) => {
  if (COPIED.includes(name)) return true;
  const title = `${group ? `${group}/` : ''}${name} ${version} (`;
  return bundled.some((licences) => licences.startsWith(title) || licences.includes(`\n${title}`));
};
bom.components = bom.components
  .filter((component) => !isForDevelopment(component) || isBundled(component))
  .map((component) => (isForDevelopment(component) ? { ...component, scope: 'required' } : component));
const left = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => left.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => left.has(each)) }));
// npm gives it the name of the folder.
bom.metadata.component.name = name;

const file = process.argv[2] ?? 'dist/sbom.cdx.json';
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${file}: ${bom.components.length} components`);
