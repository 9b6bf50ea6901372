/** Stack traces of the bundled program, told by the sources it was made of. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(import.meta.url);

/** The map that was decoded last: 40 MiB, seldom needed, and then often many times in a row. */
let last: { readonly file: string; readonly map: WeakRef<SourceMap> } | undefined;

/**
 * @param text with frames like `(/opt/gossipchain/dist/bin/program.cjs:100:20)`; where the program is not bundled, or a
 *   frame is of another package, it stays as it is
 */
export function originalStack(text: string, file: string = FILE): string {
  if (!text.includes(`${file}:`)) return text;
  let map: SourceMap;
  try {
    map = mapOf(file);
  } catch {
    return text; // without a map the frames of the bundle must do
  }
  const frames = text.split(`${file}:`);
  return frames.map((after, at) => (at === 0 ? after : original(map, file, after))).join('');
}

function mapOf(file: string): SourceMap {
  const known = last?.file === file ? last.map.deref() : undefined;
  if (known !== undefined) return known;
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  last = { file, map: new WeakRef(map) };
  return map;
}

/** @param after what stands behind the file's name: `100:20)` and all up to the next frame */
function original(map: SourceMap, file: string, after: string): string {
  const [place, line, column] = /^(\d+):(\d+)/.exec(after) ?? [];
  if (place === undefined) return `${file}:${after}`;
  const found = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (!('originalSource' in found)) return `${file}:${after}`;
  const source = found.originalSource.replace(/^(\.\.\/)+/, '');
  return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}${after.slice(place.length)}`;
}
