/** What the parts of a node log with: a part of pino's own shape, so that any logger of that shape serves. */

export interface Logger {
  /** Messages name an action; what varies stands in the fields. */
  debug(fields: object, action: string): void;
  info(fields: object, action: string): void;
  warn(fields: object, action: string): void;
  error(fields: object, action: string): void;
}

/** A logger that says nothing. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
