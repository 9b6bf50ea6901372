/** Runs the WebAssembly that is compiled into our sources. */

/** What we use of it: the types of Node 20 leave it out. */
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** What every module of ours exports. */
export interface WithMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/**
 * @param base64 the module; it imports nothing
 * @returns what it exports; undefined where this machine does not know its instructions, or cannot run it
 */
export function startWebAssembly<Exports extends WithMemory>(base64: string): Exports | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
  } catch {
    // V8 sets aside gigabytes of addresses for a memory of any size: where they are limited (`ulimit -v`) it gets none.
    return undefined;
  }
}
