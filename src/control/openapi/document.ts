/** The OpenAPI 3.1 document: what the routes themselves say, by the schemas that they read and answer by. */
import { VERSION } from '../../version.js';
import { COMPONENTS, inside } from './components.js';
import { type DescribedCall, operationOf } from './operation.js';
import { GROUPS, rankOf } from './tags.js';

const DESCRIPTION = `The control API of a gossipchain node: the five calls of the well-known Python tutorial, and what a person or a program needs beside them.

Nothing is coerced: unknown keys are refused, and numbers keep the kind and size they are written with (\`5.0\` stays \`5.0\`). What is wrong is answered with \`statusCode\`, \`error\` and a \`message\` that tells what to do. A node that others than its own machine can reach asks for its token.`;

export function openApiDocument(calls: readonly DescribedCall[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const call of [...calls].sort((a, b) => rankOf(a.path) - rankOf(b.path))) {
    const path = call.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operationOf(call) };
  }
  const schemas = Object.entries(COMPONENTS).map(([name, schema]) => [name, inside(schema)]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'gossipchain control API',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'the node that this document comes from' }],
    security: [{}, { token: [] }],
    tags: GROUPS.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The token of the node, where it was started with one, or made one: that is printed once, and kept in a file.',
        },
      },
    },
  };
}
