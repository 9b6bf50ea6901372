/** Holds what a node answers to what its OpenAPI document says. */
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Answer, ask } from '../support.js';

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly schema: object;
    readonly example: unknown;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly security?: readonly object[];
}

type Content = Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;

export interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const ID = 'http://node/openapi.json';

export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  private constructor(readonly document: OpenApi) {
    // What is CommonJS has its default export in a place of its own.
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: ID });
  }

  static async of(url: string): Promise<Contract> {
    return new Contract((await ask(`${url}/openapi.json`)).json);
  }

  /** By `GET /path/{name}`. */
  get operations(): Map<string, Operation> {
    return new Map(
      Object.entries(this.document.paths).flatMap(([path, calls]) =>
        Object.entries(calls).map(
          ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
        ),
      ),
    );
  }

  /** What is wrong with an answer to a call; nothing, where it is as the document says. */
  wrongWith(call: string, { status, headers, text, json }: Answer): string[] {
    const operation = this.operations.get(call);
    if (operation === undefined) return [`the document has no ${call}`];
    const said = operation.responses[status];
    // What no call speaks of by itself is an error.
    if (said === undefined && status < 400)
      return [`${call} answers ${status}, of which the document says nothing`];
    const { content } = said ?? (operation.responses.default as { content: Content });
    if (content === undefined) return text === '' ? [] : [`${call} answers ${status} with a body`];
    const type = String(headers['content-type']).split(';', 1)[0] as string;
    const media = content[type];
    if (media === undefined) return [`${call} answers ${type}, not ${Object.keys(content)}`];
    return this.wrongWithValue(media.schema, json ?? text).map((wrong) => `${call} ${status}: ${wrong}`);
  }

  /** @param schema may refer to the document's own, as `#/components/schemas/Block` */
  wrongWithValue(schema: object, value: unknown): string[] {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${ID}#`));
    const validate = this.#ajv.compile(absolute);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`,
    );
  }
}
