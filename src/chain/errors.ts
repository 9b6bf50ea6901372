/** The ledger's errors: one class a family, each with a stable code that is safe as a metric label. */

/**
 * What all errors of the ledger share: a code for programs, a message of one line for people. Each has its name written down: in
 * the bundled program its class may be called otherwise.
 */
export abstract class ChainError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type JsonErrorCode =
  | 'syntax'
  | 'duplicate-key'
  | 'number-range'
  | 'too-deep'
  | 'not-utf8'
  | 'not-json';

/** Where text stops being JSON. */
export interface Slip {
  /** Characters before it. */
  readonly at: number;
  /** What was expected there, and what was found. */
  readonly problem: string;
}

/** Text that is not JSON, or holds what canonical JSON refuses. */
export class JsonError extends ChainError {
  override readonly name = 'JsonError';
  declare readonly code: JsonErrorCode;
  constructor(
    code: JsonErrorCode,
    message: string,
    /** Of `syntax`, where the text is that which was parsed. */
    readonly slip?: Slip,
  ) {
    super(code, message);
  }
}

export type TransactionErrorCode =
  | 'malformed'
  | 'missing-values'
  | 'not-canonical'
  | 'no-nonce'
  | 'reserved-sender';

/** A transaction that is not well formed, or may not be sent. */
export class InvalidTransaction extends ChainError {
  override readonly name = 'InvalidTransaction';
  declare readonly code: TransactionErrorCode;
  constructor(code: TransactionErrorCode, message: string) {
    super(code, message);
  }
}

export type BlockErrorCode =
  | 'malformed'
  | 'not-canonical'
  | 'too-large'
  | 'bad-genesis'
  | 'bad-index'
  | 'bad-previous-hash'
  | 'bad-proof'
  | 'bad-reward'
  | 'repeated-transaction';

/** A block that is not well formed, or does not follow the one before it. */
export class InvalidBlock extends ChainError {
  override readonly name = 'InvalidBlock';
  declare readonly code: BlockErrorCode;
  constructor(code: BlockErrorCode, message: string) {
    super(code, message);
  }
}

export type NetworkErrorCode = 'bad-name' | 'bad-difficulty' | 'bad-genesis';

/** A network specification that no node could run. */
export class InvalidNetwork extends ChainError {
  override readonly name = 'InvalidNetwork';
  declare readonly code: NetworkErrorCode;
  constructor(code: NetworkErrorCode, message: string) {
    super(code, message);
  }
}

export type ChainFileErrorCode = 'not-a-chain' | 'cut-off' | 'too-large';

/** A file that is not a chain in the tutorial's `{"chain": […]}` shape. */
export class InvalidChainFile extends ChainError {
  override readonly name = 'InvalidChainFile';
  declare readonly code: ChainFileErrorCode;
  constructor(code: ChainFileErrorCode, message: string) {
    super(code, message);
  }
}
