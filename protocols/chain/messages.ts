import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Request {
  networkId?: Uint8Array<ArrayBuffer>
  head?: Head
  blocks?: BlocksRequest
  pendingIds?: PendingIdsRequest
  pendingTransactions?: PendingTransactionsRequest
}

export namespace Request {
  let _codec: Codec<Request>

  export const codec = (): Codec<Request> => {
    if (_codec == null) {
      _codec = message<Request>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }


        if (obj.pendingTransactions != null) {
          obj.pendingIds = undefined
          obj.blocks = undefined
          obj.head = undefined
        }

        if (obj.pendingIds != null) {
          obj.pendingTransactions = undefined
          obj.blocks = undefined
          obj.head = undefined
        }

        if (obj.blocks != null) {
          obj.pendingTransactions = undefined
          obj.pendingIds = undefined
          obj.head = undefined
        }

        if (obj.head != null) {
          obj.pendingTransactions = undefined
          obj.pendingIds = undefined
          obj.blocks = undefined
        }

        if (obj.networkId != null) {
          w.uint32(10)
          w.bytes(obj.networkId)
        }

        if (obj.head != null) {
          w.uint32(18)
          Head.codec().encode(obj.head, w)
        }

        if (obj.blocks != null) {
          w.uint32(26)
          BlocksRequest.codec().encode(obj.blocks, w)
        }

        if (obj.pendingIds != null) {
          w.uint32(34)
          PendingIdsRequest.codec().encode(obj.pendingIds, w)
        }

        if (obj.pendingTransactions != null) {
          w.uint32(42)
          PendingTransactionsRequest.codec().encode(obj.pendingTransactions, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.networkId = reader.bytes()
              break
            }
            case 2: {
              obj.head = Head.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.head
              })
              break
            }
            case 3: {
              obj.blocks = BlocksRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blocks
              })
              break
            }
            case 4: {
              obj.pendingIds = PendingIdsRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.pendingIds
              })
              break
            }
            case 5: {
              obj.pendingTransactions = PendingTransactionsRequest.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.pendingTransactions
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }


        if (obj.pendingTransactions != null) {
          delete obj.pendingIds
          delete obj.blocks
          delete obj.head
        }

        if (obj.pendingIds != null) {
          delete obj.pendingTransactions
          delete obj.blocks
          delete obj.head
        }

        if (obj.blocks != null) {
          delete obj.pendingTransactions
          delete obj.pendingIds
          delete obj.head
        }

        if (obj.head != null) {
          delete obj.pendingTransactions
          delete obj.pendingIds
          delete obj.blocks
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.networkId`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield * Head.codec().stream(reader, reader.uint32(), `${prefix}.head`, {
                limits: opts.limits?.head
              })

              break
            }
            case 3: {
              yield * BlocksRequest.codec().stream(reader, reader.uint32(), `${prefix}.blocks`, {
                limits: opts.limits?.blocks
              })

              break
            }
            case 4: {
              yield * PendingIdsRequest.codec().stream(reader, reader.uint32(), `${prefix}.pendingIds`, {
                limits: opts.limits?.pendingIds
              })

              break
            }
            case 5: {
              yield * PendingTransactionsRequest.codec().stream(reader, reader.uint32(), `${prefix}.pendingTransactions`, {
                limits: opts.limits?.pendingTransactions
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RequestNetworkIdFieldEvent {
    field: '$.networkId'
    value: Uint8Array<ArrayBuffer>
  }

  export interface RequestHeadLengthFieldEvent {
    field: '$.head.length'
    value: number
  }

  export interface RequestHeadHashFieldEvent {
    field: '$.head.hash'
    value: Uint8Array<ArrayBuffer>
  }

  export interface RequestHeadPendingFieldEvent {
    field: '$.head.pending'
    value: number
  }

  export interface RequestHeadDigestFieldEvent {
    field: '$.head.digest'
    value: Uint8Array<ArrayBuffer>
  }

  export interface RequestBlocksLocatorFieldEvent {
    field: '$.blocks.locator[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export interface RequestBlocksLimitFieldEvent {
    field: '$.blocks.limit'
    value: number
  }

  export interface RequestPendingIdsAfterFieldEvent {
    field: '$.pendingIds.after'
    value: Uint8Array<ArrayBuffer>
  }

  export interface RequestPendingTransactionsIdsFieldEvent {
    field: '$.pendingTransactions.ids[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Request>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Request.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Request>): Request {
    return decodeMessage(buf, Request.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Request>): Generator<RequestNetworkIdFieldEvent | RequestHeadLengthFieldEvent | RequestHeadHashFieldEvent | RequestHeadPendingFieldEvent | RequestHeadDigestFieldEvent | RequestBlocksLocatorFieldEvent | RequestBlocksLimitFieldEvent | RequestPendingIdsAfterFieldEvent | RequestPendingTransactionsIdsFieldEvent> {
    return streamMessage(buf, Request.codec(), opts)
  }
}

export interface Head {
  length?: number
  hash?: Uint8Array<ArrayBuffer>
  pending?: number
  digest?: Uint8Array<ArrayBuffer>
}

export namespace Head {
  let _codec: Codec<Head>

  export const codec = (): Codec<Head> => {
    if (_codec == null) {
      _codec = message<Head>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.length != null) {
          w.uint32(8)
          w.uint64Number(obj.length)
        }

        if (obj.hash != null) {
          w.uint32(18)
          w.bytes(obj.hash)
        }

        if (obj.pending != null) {
          w.uint32(24)
          w.uint64Number(obj.pending)
        }

        if (obj.digest != null) {
          w.uint32(34)
          w.bytes(obj.digest)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.length = reader.uint64Number()
              break
            }
            case 2: {
              obj.hash = reader.bytes()
              break
            }
            case 3: {
              obj.pending = reader.uint64Number()
              break
            }
            case 4: {
              obj.digest = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.length`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.pending`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.digest`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HeadLengthFieldEvent {
    field: '$.length'
    value: number
  }

  export interface HeadHashFieldEvent {
    field: '$.hash'
    value: Uint8Array<ArrayBuffer>
  }

  export interface HeadPendingFieldEvent {
    field: '$.pending'
    value: number
  }

  export interface HeadDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Head>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Head.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Head>): Head {
    return decodeMessage(buf, Head.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Head>): Generator<HeadLengthFieldEvent | HeadHashFieldEvent | HeadPendingFieldEvent | HeadDigestFieldEvent> {
    return streamMessage(buf, Head.codec(), opts)
  }
}

export interface BlocksRequest {
  locator: Uint8Array<ArrayBuffer>[]
  limit?: number
}

export namespace BlocksRequest {
  let _codec: Codec<BlocksRequest>

  export const codec = (): Codec<BlocksRequest> => {
    if (_codec == null) {
      _codec = message<BlocksRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.locator != null && obj.locator.length > 0) {
          for (const value of obj.locator) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if (obj.limit != null) {
          w.uint32(16)
          w.uint32(obj.limit)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          locator: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.locator != null && obj.locator.length === opts.limits.locator) {
                throw new MaxLengthError('Decode error - repeated field "locator" had too many elements')
              }

              obj.locator.push(reader.bytes())
              break
            }
            case 2: {
              obj.limit = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          locator: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.locator != null && obj.locator === opts.limits.locator) {
                throw new MaxLengthError('Streaming decode error - repeated field "locator" had too many elements')
              }

              yield {
                field: `${prefix}.locator[]`,
                index: obj.locator,
                value: reader.bytes()
              }

              obj.locator++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.limit`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface BlocksRequestLocatorFieldEvent {
    field: '$.locator[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export interface BlocksRequestLimitFieldEvent {
    field: '$.limit'
    value: number
  }

  export function encode (obj: Partial<BlocksRequest>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, BlocksRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksRequest>): BlocksRequest {
    return decodeMessage(buf, BlocksRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksRequest>): Generator<BlocksRequestLocatorFieldEvent | BlocksRequestLimitFieldEvent> {
    return streamMessage(buf, BlocksRequest.codec(), opts)
  }
}

export interface PendingIdsRequest {
  after?: Uint8Array<ArrayBuffer>
}

export namespace PendingIdsRequest {
  let _codec: Codec<PendingIdsRequest>

  export const codec = (): Codec<PendingIdsRequest> => {
    if (_codec == null) {
      _codec = message<PendingIdsRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.after != null) {
          w.uint32(10)
          w.bytes(obj.after)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.after = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.after`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface PendingIdsRequestAfterFieldEvent {
    field: '$.after'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<PendingIdsRequest>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, PendingIdsRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingIdsRequest>): PendingIdsRequest {
    return decodeMessage(buf, PendingIdsRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingIdsRequest>): Generator<PendingIdsRequestAfterFieldEvent> {
    return streamMessage(buf, PendingIdsRequest.codec(), opts)
  }
}

export interface PendingTransactionsRequest {
  ids: Uint8Array<ArrayBuffer>[]
}

export namespace PendingTransactionsRequest {
  let _codec: Codec<PendingTransactionsRequest>

  export const codec = (): Codec<PendingTransactionsRequest> => {
    if (_codec == null) {
      _codec = message<PendingTransactionsRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ids != null && obj.ids.length > 0) {
          for (const value of obj.ids) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          ids: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements')
              }

              obj.ids.push(reader.bytes())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          ids: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.ids != null && obj.ids === opts.limits.ids) {
                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements')
              }

              yield {
                field: `${prefix}.ids[]`,
                index: obj.ids,
                value: reader.bytes()
              }

              obj.ids++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface PendingTransactionsRequestIdsFieldEvent {
    field: '$.ids[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<PendingTransactionsRequest>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, PendingTransactionsRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingTransactionsRequest>): PendingTransactionsRequest {
    return decodeMessage(buf, PendingTransactionsRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingTransactionsRequest>): Generator<PendingTransactionsRequestIdsFieldEvent> {
    return streamMessage(buf, PendingTransactionsRequest.codec(), opts)
  }
}

export enum Status {
  UNSPECIFIED = 'UNSPECIFIED',
  OK = 'OK',
  WRONG_NETWORK = 'WRONG_NETWORK',
  BAD_REQUEST = 'BAD_REQUEST',
  BUSY = 'BUSY'
}

enum __StatusValues {
  UNSPECIFIED = 0,
  OK = 1,
  WRONG_NETWORK = 2,
  BAD_REQUEST = 3,
  BUSY = 4
}

export namespace Status {
  export const codec = (): Codec<Status> => {
    return enumeration<Status>(__StatusValues)
  }
}

export interface Answer {
  status?: Status
  last?: boolean
  reason?: string
  network?: Network
  head?: Head
  blocks: Uint8Array<ArrayBuffer>[]
  ids: Uint8Array<ArrayBuffer>[]
  transactions: Uint8Array<ArrayBuffer>[]
}

export namespace Answer {
  let _codec: Codec<Answer>

  export const codec = (): Codec<Answer> => {
    if (_codec == null) {
      _codec = message<Answer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.status != null) {
          w.uint32(8)
          Status.codec().encode(obj.status, w)
        }

        if (obj.last != null) {
          w.uint32(16)
          w.bool(obj.last)
        }

        if (obj.reason != null) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if (obj.network != null) {
          w.uint32(34)
          Network.codec().encode(obj.network, w)
        }

        if (obj.head != null) {
          w.uint32(42)
          Head.codec().encode(obj.head, w)
        }

        if (obj.blocks != null && obj.blocks.length > 0) {
          for (const value of obj.blocks) {
            w.uint32(50)
            w.bytes(value)
          }
        }

        if (obj.ids != null && obj.ids.length > 0) {
          for (const value of obj.ids) {
            w.uint32(58)
            w.bytes(value)
          }
        }

        if (obj.transactions != null && obj.transactions.length > 0) {
          for (const value of obj.transactions) {
            w.uint32(66)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          blocks: [],
          ids: [],
          transactions: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.status = Status.codec().decode(reader)
              break
            }
            case 2: {
              obj.last = reader.bool()
              break
            }
            case 3: {
              obj.reason = reader.string()
              break
            }
            case 4: {
              obj.network = Network.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.network
              })
              break
            }
            case 5: {
              obj.head = Head.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.head
              })
              break
            }
            case 6: {
              if (opts.limits?.blocks != null && obj.blocks.length === opts.limits.blocks) {
                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements')
              }

              obj.blocks.push(reader.bytes())
              break
            }
            case 7: {
              if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements')
              }

              obj.ids.push(reader.bytes())
              break
            }
            case 8: {
              if (opts.limits?.transactions != null && obj.transactions.length === opts.limits.transactions) {
                throw new MaxLengthError('Decode error - repeated field "transactions" had too many elements')
              }

              obj.transactions.push(reader.bytes())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          blocks: 0,
          ids: 0,
          transactions: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.status`,
                value: Status.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.last`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield * Network.codec().stream(reader, reader.uint32(), `${prefix}.network`, {
                limits: opts.limits?.network
              })

              break
            }
            case 5: {
              yield * Head.codec().stream(reader, reader.uint32(), `${prefix}.head`, {
                limits: opts.limits?.head
              })

              break
            }
            case 6: {
              if (opts.limits?.blocks != null && obj.blocks === opts.limits.blocks) {
                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements')
              }

              yield {
                field: `${prefix}.blocks[]`,
                index: obj.blocks,
                value: reader.bytes()
              }

              obj.blocks++

              break
            }
            case 7: {
              if (opts.limits?.ids != null && obj.ids === opts.limits.ids) {
                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements')
              }

              yield {
                field: `${prefix}.ids[]`,
                index: obj.ids,
                value: reader.bytes()
              }

              obj.ids++

              break
            }
            case 8: {
              if (opts.limits?.transactions != null && obj.transactions === opts.limits.transactions) {
                throw new MaxLengthError('Streaming decode error - repeated field "transactions" had too many elements')
              }

              yield {
                field: `${prefix}.transactions[]`,
                index: obj.transactions,
                value: reader.bytes()
              }

              obj.transactions++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AnswerStatusFieldEvent {
    field: '$.status'
    value: Status
  }

  export interface AnswerLastFieldEvent {
    field: '$.last'
    value: boolean
  }

  export interface AnswerReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface AnswerNetworkNameFieldEvent {
    field: '$.network.name'
    value: string
  }

  export interface AnswerNetworkDifficultyFieldEvent {
    field: '$.network.difficulty'
    value: number
  }

  export interface AnswerNetworkGenesisHashFieldEvent {
    field: '$.network.genesisHash'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerHeadLengthFieldEvent {
    field: '$.head.length'
    value: number
  }

  export interface AnswerHeadHashFieldEvent {
    field: '$.head.hash'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerHeadPendingFieldEvent {
    field: '$.head.pending'
    value: number
  }

  export interface AnswerHeadDigestFieldEvent {
    field: '$.head.digest'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerBlocksFieldEvent {
    field: '$.blocks[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerIdsFieldEvent {
    field: '$.ids[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerTransactionsFieldEvent {
    field: '$.transactions[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Answer>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Answer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer {
    return decodeMessage(buf, Answer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Generator<AnswerStatusFieldEvent | AnswerLastFieldEvent | AnswerReasonFieldEvent | AnswerNetworkNameFieldEvent | AnswerNetworkDifficultyFieldEvent | AnswerNetworkGenesisHashFieldEvent | AnswerHeadLengthFieldEvent | AnswerHeadHashFieldEvent | AnswerHeadPendingFieldEvent | AnswerHeadDigestFieldEvent | AnswerBlocksFieldEvent | AnswerIdsFieldEvent | AnswerTransactionsFieldEvent> {
    return streamMessage(buf, Answer.codec(), opts)
  }
}

export interface Network {
  name?: string
  difficulty?: number
  genesisHash?: Uint8Array<ArrayBuffer>
}

export namespace Network {
  let _codec: Codec<Network>

  export const codec = (): Codec<Network> => {
    if (_codec == null) {
      _codec = message<Network>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.name != null) {
          w.uint32(10)
          w.string(obj.name)
        }

        if (obj.difficulty != null) {
          w.uint32(16)
          w.uint32(obj.difficulty)
        }

        if (obj.genesisHash != null) {
          w.uint32(26)
          w.bytes(obj.genesisHash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.difficulty = reader.uint32()
              break
            }
            case 3: {
              obj.genesisHash = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.difficulty`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.genesisHash`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface NetworkNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface NetworkDifficultyFieldEvent {
    field: '$.difficulty'
    value: number
  }

  export interface NetworkGenesisHashFieldEvent {
    field: '$.genesisHash'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Network>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Network.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Network>): Network {
    return decodeMessage(buf, Network.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Network>): Generator<NetworkNameFieldEvent | NetworkDifficultyFieldEvent | NetworkGenesisHashFieldEvent> {
    return streamMessage(buf, Network.codec(), opts)
  }
}
