/** The name and the limits of /chain/1.0.0. README.md lists them: change both, or neither. */
import { MAX_BLOCK_BYTES } from '../../src/chain/block.js';

export const CHAIN_PROTOCOL = '/chain/1.0.0';

// What a message holds.

/** Bytes of a network id: the first 16 hex digits of a SHA-256. */
export const NETWORK_ID_BYTES = 8;

/** Bytes of a hash, of a transaction id and of a digest: SHA-256. */
export const HASH_BYTES = 32;

/** Hashes in a locator. At doubling distances 64 reach back over any chain there can be. */
export const MAX_LOCATOR_HASHES = 64;

/** Ids in one request for transactions: of usual transactions about 200 KiB, at 34 bytes an id. */
export const MAX_WANTED_IDS = 1024;

/** Blocks in one answer. The smallest block has some 190 bytes, so the bytes of an answer run out first. */
export const MAX_ANSWER_BLOCKS = 8192;

/** Ids in one answer: at 34 bytes an id they fill 1 MiB. */
export const MAX_ANSWER_IDS = 30_720;

/** Items (blocks, ids or transactions) in one frame: 64 KiB of ids. Without it empty items would cost memory. */
export const MAX_FRAME_ITEMS = 2048;

/** UTF-16 code units of a reason or of a network's name that are read; they are shown to people. */
export const MAX_TEXT_LENGTH = 256;

// Bytes.

/** Bytes of a request frame: 1,024 ids make 34 KiB; reading has no back-pressure, so this is held at once. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/** Bytes of the largest item: a block's canonical JSON. */
export const MAX_ITEM_BYTES = MAX_BLOCK_BYTES;

/** Bytes of an answer's frame: the largest block alone in its frame, and what protobuf puts around it. */
export const MAX_ANSWER_FRAME_BYTES = MAX_ITEM_BYTES + 1024;

/**
 * Bytes of items that a responder puts in a frame, if there is more than one: with what protobuf, yamux (12 bytes) and the length
 * put around them they make one message of Noise, which holds 65,519. In two, each of them is encrypted, written and read apart.
 */
export const FRAME_TARGET_BYTES = 65_480;

/** Bytes of items that a responder puts in an answer: the asker must hold all of it if it is slow to read. */
export const ANSWER_TARGET_BYTES = 1024 * 1024;

/** What a field's tag and length add to an item, at most, in bytes. */
export const ITEM_OVERHEAD_BYTES = 4;

/** Bytes of a whole answer that an asker takes, lengths and all: the target and what is put around its items. */
export const MAX_ANSWER_BYTES = ANSWER_TARGET_BYTES + 64 * 1024;

/** Frames of an answer that an asker takes: two frames of a responder hold more than FRAME_TARGET_BYTES, so it needs 35. */
export const MAX_ANSWER_FRAMES = 64;

// Streams and requests.

/** Streams we open to a peer, a connection: enough to ask one thing of each kind at once, twice. */
export const MAX_OUTBOUND_STREAMS = 8;

/** Streams a peer may have open with us, a connection: more than it opens, since it sees them closed before we do. */
export const MAX_INBOUND_STREAMS = 16;

/** Requests a second a peer may keep up: at 1 MiB an answer as much as a connection may bring (64 MiB a second). */
export const REQUESTS_PER_SECOND = 64;

/** Requests a peer may make at once after a pause: the first 100 MiB of a chain come without waiting. */
export const REQUEST_BURST = 128;

/** Peers whose requests are counted at the same time; beyond it the one longest silent is forgotten. */
export const MAX_COUNTED_PEERS = 1024;

/**
 * Requests served at once, for all peers: each may hold a block of 1 MiB and its frame, most some 64 KiB. Enough for eight
 * that take their answers as slowly as they may; where more ask, who has most of them loses the oldest to who has none.
 */
export const MAX_SERVED_AT_ONCE = 64;

/** Of these, of one peer: as many as a node opens, so that one that does not read cannot take the room of all. */
export const MAX_SERVED_PER_PEER = 8;

// Time.

/** How long each step may take, in milliseconds. */
export interface ChainTimeouts {
  /** To open a stream, on the connection that there is. */
  readonly openMs: number;
  /** For a request to arrive once its stream is open, to be written, and for a stream to close after the last frame. */
  readonly requestMs: number;
  /** From the request sent to the first frame of its answer. */
  readonly firstFrameMs: number;
  /** From one frame to the next one. */
  readonly nextFrameMs: number;
  /** For a whole answer: asked, counting only the time spent waiting for the peer; answering, all of it. */
  readonly answerMs: number;
}

export const TIMEOUTS: ChainTimeouts = {
  /** A round trip, on a connection that there is already. */
  openMs: 10_000,
  /** A request is small: what takes longer is not a slow link but a slot held. */
  requestMs: 5_000,
  /** A responder may be in the middle of a batch of its own. */
  firstFrameMs: 10_000,
  /** 64 KiB at the slowest link worth having, 7 KiB a second. */
  nextFrameMs: 10_000,
  /** 1 MiB at 35 KiB a second. */
  answerMs: 30_000,
};
