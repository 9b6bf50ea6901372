/** The files of a page, as `npm run build` left them: few, so they are read once and kept. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly bytes: Buffer;
  /** Names what the file holds, in quotes, as HTTP has it. */
  readonly etag: string;
}

export class PageFiles {
  readonly #files = new Map<string, PageFile>();
  #folder: string | undefined;

  /** @param page its folder in what was built */
  constructor(private readonly page: 'dashboard' | 'docs') {}

  /** @returns undefined where the page has not been built */
  file(name: string): PageFile | undefined {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    this.#folder ??= builtFolder(this.page, dirname(fileURLToPath(import.meta.url)));
    if (this.#folder === undefined) return undefined;
    const bytes = readFileSync(join(this.#folder, name));
    const file = { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
    this.#files.set(name, file);
    return file;
  }
}

/** This module may run from its source, from what was built of it, or out of a bundle: all are below the package. */
function builtFolder(page: string, from: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const built = join(folder, 'dist', page);
    if (existsSync(join(built, 'index.html'))) return built;
    // Beyond the package's own folder, what is called so is somebody else's.
    if (existsSync(join(folder, 'package.json'))) return undefined;
  }
  return undefined;
}
