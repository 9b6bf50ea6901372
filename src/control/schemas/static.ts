/**
 * Schemas are plain JSON Schema (2020-12), as OpenAPI 3.1 takes it: nothing is loaded for them at run time. The types of
 * what they describe are derived from them.
 */
import type { XStatic } from 'typebox/schema';

/** What a schema describes. */
export type Static<Schema> = XStatic<Schema>;
