/** An example of what a schema describes, from its own examples or from those of its parts. */
import type { AnySchema } from './components.js';

/** @returns undefined where the schema says too little */
export function exampleOf(schema: AnySchema): unknown {
  const { examples, const: only, enum: values, oneOf, type } = schema;
  if (Array.isArray(examples)) return examples[0];
  if (only !== undefined) return only;
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(oneOf)) return exampleOf(oneOf[0]);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return ofObject(schema);
    case 'array':
      return [exampleOf(schema.items as AnySchema)];
    case 'integer':
      return schema.minimum ?? 0;
    case 'number':
      return 1.5;
    case 'boolean':
      return true;
    case 'string':
      return schema.pattern === undefined ? 'text' : undefined;
    default:
      return undefined;
  }
}

function ofObject({ properties = {}, required = [] }: AnySchema): object {
  const wanted = required as readonly string[];
  return Object.fromEntries(
    Object.entries(properties as Record<string, AnySchema>)
      .filter(([key]) => wanted.includes(key))
      .map(([key, schema]) => [key, exampleOf(schema)]),
  );
}
