/** What stands in a URL, read by its schema: unknown keys are refused, and only a whole number is read as one. */
import { quote } from '../quote.js';
import { Problem } from './problem.js';

interface TextSchema {
  readonly type: 'integer' | 'string';
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The part of JSON Schema that queries and parameters need. */
export interface InputSchema {
  readonly properties: Readonly<Record<string, TextSchema>>;
}

type Texts = Readonly<Record<string, string | readonly string[]>>;
type Read = (values: Texts) => { value: object } | { error: Error };

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]*)$/;

/** In the shape that Fastify takes for a compiled validator. */
export function inputReader({ properties }: InputSchema): Read {
  const readers = new Map(Object.entries(properties).map(([key, schema]) => [key, textReader(key, schema)]));
  return (values) => {
    try {
      const read = Object.entries(values).map(([key, text]) => {
        const reader = readers.get(key);
        if (reader === undefined) throw unknownKey(key, [...readers.keys()]);
        if (typeof text !== 'string') throw new Problem(400, `${key} is given more than once: give it once`);
        return [key, reader(text)];
      });
      return { value: Object.fromEntries(read) };
    } catch (error) {
      if (error instanceof Problem) return { error };
      throw error;
    }
  };
}

function textReader(key: string, schema: TextSchema): (text: string) => string | number {
  const { type, description = `a ${type}`, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const wrong = (text: string) => new Problem(400, `${key} must be ${description}, not ${quote(text)}`);
  const pattern = type === 'integer' ? WHOLE_NUMBER : new RegExp(schema.pattern ?? '');
  return (text) => {
    if (!pattern.test(text)) throw wrong(text);
    if (type === 'string') return text;
    const number = Number(text);
    if (number < minimum || number > maximum) throw wrong(text);
    return number;
  };
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const takes = known.length === 0 ? 'takes no query' : `takes ${known.join(' and ')} only`;
  return new Problem(400, `unknown key ${quote(key)} in the query: this call ${takes}`);
}
