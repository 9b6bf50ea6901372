/** Between the bytes of a frame and what they mean: nothing leaves here unchecked. */
import {
  HASH_BYTES,
  MAX_ANSWER_BLOCKS,
  MAX_FRAME_ITEMS,
  MAX_LOCATOR_HASHES,
  MAX_TEXT_LENGTH,
  MAX_WANTED_IDS,
  NETWORK_ID_BYTES,
} from './constants.js';
import { ChainProtocolError, type RemoteNetwork } from './errors.js';
import { Answer, type Head, type Network, Request, Status } from './messages.js';
import type { HeadInfo } from './source.js';

/** What a request asks for. */
export type Ask =
  | { readonly kind: 'head'; readonly head: HeadInfo }
  | { readonly kind: 'blocks'; readonly locator: string[]; readonly limit: number }
  | { readonly kind: 'pending-ids'; readonly after: string | undefined }
  | { readonly kind: 'pending-transactions'; readonly ids: string[] };

export interface ChainRequest {
  /** 16 hex digits */
  readonly networkId: string;
  readonly ask: Ask;
}

export type AnswerStatus = 'ok' | 'wrong-network' | 'bad-request' | 'busy';

/** One frame of an answer. Its blocks are views of the frame's memory, its transactions copies. */
export interface AnswerFrame {
  /** In the first frame only. */
  readonly status: AnswerStatus | undefined;
  readonly last: boolean;
  /** With `bad-request`; the peer's own text, shortened. */
  readonly reason: string;
  /** With `wrong-network`. */
  readonly network: RemoteNetwork | undefined;
  readonly head: HeadInfo | undefined;
  readonly blocks: Uint8Array[];
  readonly ids: string[];
  readonly transactions: Uint8Array[];
}

const WIRE_STATUS: Record<AnswerStatus, Status> = {
  ok: Status.OK,
  'wrong-network': Status.WRONG_NETWORK,
  'bad-request': Status.BAD_REQUEST,
  busy: Status.BUSY,
};

/** @returns the request's frame, without its length */
export function encodeRequest({ networkId, ask }: ChainRequest): Uint8Array {
  const request: Partial<Request> = { networkId: fromHex(networkId) };
  switch (ask.kind) {
    case 'head':
      request.head = toHead(ask.head);
      break;
    case 'blocks':
      request.blocks = { locator: ask.locator.map(fromHex), limit: ask.limit };
      break;
    case 'pending-ids':
      request.pendingIds = ask.after === undefined ? {} : { after: fromHex(ask.after) };
      break;
    case 'pending-transactions':
      request.pendingTransactions = { ids: ask.ids.map(fromHex) };
      break;
  }
  return Request.encode(request);
}

/** @throws ChainProtocolError `malformed`, and nothing else whatever the bytes */
export function decodeRequest(frame: Uint8Array): ChainRequest {
  const limits = {
    blocks: { locator: MAX_LOCATOR_HASHES },
    pendingTransactions: { ids: MAX_WANTED_IDS },
  };
  const request = parse('request', () => Request.decode(frame, { limits }));
  return { networkId: hex(request.networkId, NETWORK_ID_BYTES, 'network_id'), ask: readAsk(request) };
}

/** @returns one frame of an answer, without its length; what is not given is left out */
export function encodeAnswer(frame: Partial<AnswerFrame>): Uint8Array {
  const answer: Partial<Answer> = {
    blocks: frame.blocks?.map(bytes),
    ids: frame.ids?.map(fromHex),
    transactions: frame.transactions?.map(bytes),
  };
  if (frame.status) answer.status = WIRE_STATUS[frame.status];
  if (frame.last) answer.last = true;
  if (frame.reason) answer.reason = frame.reason.slice(0, MAX_TEXT_LENGTH);
  if (frame.head) answer.head = toHead(frame.head);
  if (frame.network) {
    const { name, difficulty, genesisHash } = frame.network;
    answer.network = { name, difficulty, genesisHash: fromHex(genesisHash) };
  }
  return Answer.encode(answer);
}

/** @throws ChainProtocolError `malformed`, and nothing else whatever the bytes */
export function decodeAnswer(frame: Uint8Array): AnswerFrame {
  const limits = { blocks: MAX_FRAME_ITEMS, ids: MAX_FRAME_ITEMS, transactions: MAX_FRAME_ITEMS };
  const answer = parse('answer', () => Answer.decode(frame, { limits }));
  return {
    status: readStatus(answer.status),
    last: answer.last ?? false,
    reason: (answer.reason ?? '').slice(0, MAX_TEXT_LENGTH),
    network: answer.network && readNetwork(answer.network),
    head: answer.head && readHead(answer.head),
    blocks: answer.blocks,
    ids: answer.ids.map((id) => hex(id, HASH_BYTES, 'an id')),
    // Kept longer than their frame, they must not keep it in memory.
    transactions: answer.transactions.map((transaction) => Uint8Array.from(transaction)),
  };
}

function readAsk({ head, blocks, pendingIds, pendingTransactions }: Request): Ask {
  if (head) return { kind: 'head', head: readHead(head) };
  if (blocks) {
    if (blocks.locator.length === 0)
      throw malformed('the locator is empty: it must end with the genesis hash');
    const limit = Math.min(blocks.limit || MAX_ANSWER_BLOCKS, MAX_ANSWER_BLOCKS);
    return {
      kind: 'blocks',
      locator: blocks.locator.map((hash) => hex(hash, HASH_BYTES, 'a locator hash')),
      limit,
    };
  }
  if (pendingIds) {
    const { after } = pendingIds;
    return { kind: 'pending-ids', after: after && hex(after, HASH_BYTES, 'after') };
  }
  if (pendingTransactions) {
    if (pendingTransactions.ids.length === 0) throw malformed('no ids are asked for');
    return {
      kind: 'pending-transactions',
      ids: pendingTransactions.ids.map((id) => hex(id, HASH_BYTES, 'an id')),
    };
  }
  throw malformed('the request asks for nothing that is known here');
}

function readStatus(status: Status | undefined): AnswerStatus | undefined {
  switch (status) {
    case undefined:
      return undefined;
    case Status.OK:
      return 'ok';
    case Status.WRONG_NETWORK:
      return 'wrong-network';
    case Status.BAD_REQUEST:
      return 'bad-request';
    case Status.BUSY:
      return 'busy';
    default:
      throw malformed(`the status ${status} is never sent`);
  }
}

function readHead(head: Head): HeadInfo {
  return {
    length: count(head.length, 1, 'length'),
    hash: hex(head.hash, HASH_BYTES, 'hash'),
    pending: count(head.pending, 0, 'pending'),
    digest: hex(head.digest, HASH_BYTES, 'digest'),
  };
}

function toHead({ length, hash, pending, digest }: HeadInfo): Head {
  return { length, hash: fromHex(hash), pending, digest: fromHex(digest) };
}

function readNetwork(network: Network): RemoteNetwork {
  return {
    name: (network.name ?? '').slice(0, MAX_TEXT_LENGTH),
    difficulty: count(network.difficulty, 0, 'difficulty'),
    genesisHash: hex(network.genesisHash, HASH_BYTES, 'genesis_hash'),
  };
}

/** The library reports broken protobuf by several kinds of errors, a stack overflow among them. */
function parse<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new ChainProtocolError('malformed', `the ${what} is not the protobuf message it should be`, {
      cause,
    });
  }
}

function hex(value: Uint8Array | undefined, length: number, field: string): string {
  if (value?.byteLength !== length) throw malformed(`${field} must have ${length} bytes`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}

function count(value: number | undefined, min: number, field: string): number {
  if (value === undefined || !Number.isSafeInteger(value) || value < min) {
    throw malformed(`${field} must be an integer from ${min} to 2^53-1`);
  }
  return value;
}

function malformed(message: string): ChainProtocolError {
  return new ChainProtocolError('malformed', message);
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** The same bytes, without a copy where there is no need of one. */
function bytes(value: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = value;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : Uint8Array.from(value);
}
