/** Every limit of the gossip protocol, with its unit and its reason. */

/** Start of all topics: `/gossipchain/<network id>/…`. */
export const TOPIC_PREFIX = '/gossipchain';

/** The versions of gossipsub that are spoken, the newest first. */
export const GOSSIPSUB_PROTOCOLS = ['/meshsub/1.2.0', '/meshsub/1.1.0', '/meshsub/1.0.0'] as const;

/**
 * Largest transaction message, in bytes. Sender and recipient have at most 256 code points, each at most 12 bytes
 * when escaped (a surrogate pair): 6,144; amount 40, nonce 32, keys and punctuation 60. That is under 6.5 KiB.
 */
export const MAX_TRANSACTION_MESSAGE_BYTES = 8 * 1024;

/** Largest block message, in bytes: the ledger's own bound on a block's canonical JSON. */
export const MAX_BLOCK_MESSAGE_BYTES = 1024 * 1024;

/** A message of more bytes is decoded in a turn of the event loop of its own: it takes some milliseconds. */
export const LARGE_MESSAGE_BYTES = 64 * 1024;

/** Largest announcement of a peer, in bytes: a key and eight addresses are some 200, long addresses some more. */
export const MAX_PEER_MESSAGE_BYTES = 1024;

/**
 * Peers in a topic's mesh: aimed at, at least, at most. Whoever publishes sends to all it knows, so the mesh matters only to
 * those it does not know; every other message that a mesh passes on is one more copy. With gossipsub's own 6, 4 and 12
 * a node among ten sent half as much again for each block.
 */
export const MESH_PEERS = 4;
export const MESH_PEERS_LOW = 3;
export const MESH_PEERS_HIGH = 6;

/**
 * Largest gossipsub frame read from a peer, in bytes. The answer to an IWANT carries several messages in one frame, as
 * many as may wait to be sent (see below): no node that keeps the rules sends a larger one.
 */
export const MAX_RPC_BYTES = 10 * 1024 * 1024;

/**
 * Bytes of frames that have begun and not ended, of all peers together. A frame arrives within a moment; of those that do
 * not the largest is not waited for any longer when there are more.
 */
export const MAX_UNFINISHED_BYTES = 32 * 1024 * 1024;

/**
 * Bytes waiting to be sent to one peer before the stream to it is reset: a slow reader must not fill our memory. It is opened
 * anew after 1 to 30 s; what the peer misses it learns by the chain protocol.
 */
export const MAX_OUTBOUND_BYTES = 8 * 1024 * 1024;

/**
 * Bytes read from one connection, a second and at once, and from all together; beyond, they are not read until their
 * time has come. A block of 1 MiB takes some 10 ms to judge: 8 a second are a twelfth of a core, 16 a sixth.
 */
export const BYTES_PER_SECOND = 8 * 1024 * 1024;
export const BYTES_BURST = 16 * 1024 * 1024;
export const TOTAL_BYTES_PER_SECOND = 16 * 1024 * 1024;
export const TOTAL_BYTES_BURST = 32 * 1024 * 1024;

/**
 * Bytes of valid messages that are passed on, a second and at once; beyond, they are taken and not passed on, and others
 * learn of them by the chain protocol. A thousand transactions a second are as much, and ten nodes that mine as fast as
 * they can half of it. Gossipsub keeps what is passed on for five seconds, for whoever asks for it again: all of that
 * fits into one frame.
 */
export const PASSED_ON_BYTES_PER_SECOND = 256 * 1024;
export const PASSED_ON_BYTES_BURST = 2 * 1024 * 1024;

/**
 * Frames, and subscriptions, messages and control messages in them, the same way. A transaction takes some 0.25 ms to
 * judge and keep, a small block 1 ms: what waits longer than gossip may comes by the chain protocol.
 */
export const ITEMS_PER_SECOND = 512;
export const ITEMS_BURST = 2_048;
export const TOTAL_ITEMS_PER_SECOND = 2_048;
export const TOTAL_ITEMS_BURST = 8_192;

/**
 * What stands in a message or a control message is such a part of an item: a topic, an id. A node announces up to 5,000
 * ids a topic and second, which are 79 items each; to decode as many fields takes some 4 ms.
 */
export const FIELDS_PER_ITEM = 64;

/**
 * Fields in one frame, at all depths. The most that gossipsub sends is an answer of 5,000 messages, each with its payload
 * and topic, that asks for 5,000 ids and announces as many of each topic: 35,000. To decode as many takes some 25 ms.
 */
export const MAX_RPC_FIELDS = 40_960;

/** An id is a SHA-256. */
export const MESSAGE_ID_BYTES = 32;

/** What is decoded in one go: some 10 ms of work, then others have their turn. */
export const SLICE_ITEMS = 32;
export const SLICE_BYTES = 256 * 1024;

/**
 * Items that a peer brings without a pause, in what has arrived at once, which is a window of 1 MiB at most: of the smallest
 * transactions, a frame of 142 bytes each, it holds 15,000. What is more, is nothing but empty.
 */
export const MAX_ITEMS_AT_ONCE = 20_480;

/**
 * Peers of a mesh are told that they need not send what we have got, from so many bytes on. Gossipsub's own 512 would have
 * us answer a flood of small messages with as many frames to each of them, more than they may read of us, until they cut
 * us for it. Of messages of this size, no more come in a second than are half of what a peer reads of us (see above).
 */
export const IDONTWANT_BYTES = 128 * 1024;

/** Messages being validated at once, in bytes, of one peer and of all: beyond, a message is ignored. */
export const MAX_IN_FLIGHT_BYTES_PER_PEER = 4 * 1024 * 1024;
export const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;

/** What a message in validation costs beside its payload, in bytes: objects and promises, roughly. */
export const IN_FLIGHT_OVERHEAD_BYTES = 512;

/** Topic subscriptions in one frame: our three, and room for later versions of this protocol. */
export const MAX_RPC_SUBSCRIPTIONS = 16;

/** Messages, and message ids of one control message, in one frame: what gossipsub itself may announce and answer. */
export const MAX_RPC_MESSAGES = 5_000;

/** "Don't send me this" ids in one frame: gossipsub's own bound for a heartbeat. */
export const MAX_RPC_IDONTWANT_IDS = 512;

/** Control messages of one kind in one frame: a node of three topics sends three at most. */
export const MAX_RPC_CONTROL_MESSAGES = 16;

/** Peers recommended in one PRUNE. We neither send nor follow such recommendations; others may send up to this. */
export const MAX_RPC_PEER_INFOS = 16;

/**
 * A rejected message costs its sender (count of such messages)² times this many points in the topic, and the count
 * shrinks by this factor every second (by half in 69 s). Five at once put a peer at -50, and the node hangs up on it. Who
 * spreads them out is not listened to below gossipsub's graylist threshold of -80, until the count has shrunk.
 */
export const INVALID_MESSAGE_WEIGHT = -2;
export const INVALID_MESSAGE_DECAY = 0.99;

/**
 * Scores below which a peer is offered nothing by gossip, is sent nothing of ours, and is not listened to: gossipsub's own.
 * No score here is above zero, so nobody has enough for the peers that its PRUNE recommends to be dialled, past all that the
 * dialler minds; and a mesh takes better peers in of itself only where most of its own are at fault.
 */
export const SCORE_THRESHOLDS = {
  gossipThreshold: -10,
  publishThreshold: -50,
  graylistThreshold: -80,
  acceptPXThreshold: 1,
  opportunisticGraftThreshold: 0,
} as const;

/** How often scores shrink, in ms, and below which they are none. */
export const SCORE_DECAY_MS = 1_000;
export const SCORE_DECAY_TO_ZERO = 0.1;

/**
 * How long the score of a peer that left is kept, in ms: that it comes back is no pardon. Gossipsub's own hour would keep
 * sixty thousand names of somebody who takes a new one for each connection.
 */
export const SCORE_RETAINED_MS = 2 * 60_000;

/** How long a message's id is remembered, in ms, so that it is judged once: gossipsub's own two minutes. */
export const SEEN_MS = 2 * 60_000;

/** A broken promise beyond those that are forgiven costs its square times this; a fifth of it is left after a second. */
export const BEHAVIOUR_PENALTY_WEIGHT = -10;
export const BEHAVIOUR_PENALTY_DECAY = 0.2;

/**
 * Broken IWANT promises and the like that are forgiven before they cost points: on a loaded machine (a classroom
 * that mines) an honest answer can be late.
 */
export const BEHAVIOUR_PENALTY_THRESHOLD = 6;
