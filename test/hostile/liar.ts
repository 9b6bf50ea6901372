/** Answers over /chain/1.0.0 as it likes. */
import type { Stream } from '@libp2p/interface';
import { lpStream } from '@libp2p/utils';
import { encode } from 'it-length-prefixed';
import {
  type AnswerFrame,
  type Ask,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from '../../protocols/chain/codec.js';
import type { HeadInfo } from '../../protocols/chain/index.js';
import { NETWORK_ID } from './siege.js';

export const NOTHING = '0'.repeat(64);

/** A chain that nobody has. */
export function promise(length: number, changes: Partial<HeadInfo> = {}): HeadInfo {
  return { length, hash: 'ab'.repeat(32), pending: 0, digest: NOTHING, ...changes };
}

/** How to answer each kind of request; what is not said is answered with nothing. */
export interface Lies {
  readonly head?: () => HeadInfo;
  readonly blocks?: Lie<'blocks'>;
  readonly ids?: Lie<'pending-ids'>;
  readonly transactions?: Lie<'pending-transactions'>;
}

type Lie<K extends Ask['kind']> = (
  ask: Extract<Ask, { kind: K }>,
  stream: Stream,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** @returns the bytes of one frame, its length in front */
export function frame(answer: Partial<AnswerFrame>): Uint8Array {
  return encode.single(encodeAnswer({ status: 'ok', last: true, ...answer })).subarray();
}

export function request(ask: Ask, networkId = NETWORK_ID): Uint8Array {
  return encode.single(encodeRequest({ networkId, ask })).subarray();
}

/** A handler for the chain protocol. */
export function lying(lies: Lies): (stream: Stream) => void {
  return (stream) => {
    const answer = async () => {
      const read = await lpStream(stream).read({ signal: AbortSignal.timeout(5_000) });
      const { ask } = decodeRequest(read.subarray());
      const bytes = await answerTo(ask, lies, stream);
      if (bytes === undefined) return;
      stream.send(bytes);
      await stream.close();
    };
    answer().catch((error) => stream.abort(error));
  };
}

function answerTo(ask: Ask, lies: Lies, stream: Stream) {
  switch (ask.kind) {
    case 'head':
      return frame({ head: lies.head?.() ?? promise(1) });
    case 'blocks':
      return lies.blocks === undefined ? frame({}) : lies.blocks(ask, stream);
    case 'pending-ids':
      return lies.ids === undefined ? frame({}) : lies.ids(ask, stream);
    case 'pending-transactions':
      return lies.transactions === undefined ? frame({}) : lies.transactions(ask, stream);
  }
}
