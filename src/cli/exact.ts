/** What a schema describes, as the command line reads it: numbers that are no integers keep the text they came with. */
import type { JsonNumber } from '../chain/index.js';

interface OfType {
  readonly string: string;
  readonly integer: number;
  readonly number: JsonNumber;
  readonly boolean: boolean;
  readonly null: null;
}

/** @see `Static`, of the same schemas at the node, where numbers are JavaScript's */
export type Exact<Schema> = Schema extends { const: infer Only }
  ? Only
  : Schema extends { enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { oneOf: readonly (infer One)[] }
      ? Exact<One>
      : Schema extends { type: 'array'; items: infer Item }
        ? Exact<Item>[]
        : Schema extends {
              type: 'object';
              properties: infer Properties;
              required: readonly (infer Required)[];
            }
          ? ExactObject<Properties, Required>
          : Schema extends { type: readonly (infer Name)[] }
            ? OfType[Name & keyof OfType]
            : Schema extends { type: infer Name }
              ? OfType[Name & keyof OfType]
              : never;

type ExactObject<Properties, Required> = {
  [Key in keyof Properties as Key extends Required ? Key : never]: Exact<Properties[Key]>;
} & {
  [Key in keyof Properties as Key extends Required ? never : Key]?: Exact<Properties[Key]> | undefined;
};
