/** The numbers by which a node follows the longest chain. All are policy: other nodes may choose others. */

/** Branches kept aside at once, over all peers: each may fill the disk up to its own bound. */
export const MAX_BRANCHES = 8;
/** Canonical bytes of one branch; one of a longer chain may grow to the size of our own. */
export const MAX_BRANCH_BYTES = 256 << 20;
/** A branch that is still to grow is dropped after this long without a block, in ms. */
export const BRANCH_IDLE_MS = 60_000;

/** How often such branches are looked for, in ms: on a quiet network nothing else would be the occasion. */
export const BRANCH_TIDY_MS = 30_000;

/** A branch keeps its place for at least this long, in ms: then the slowest to grow makes room for a newcomer. */
export const BRANCH_GRACE_MS = 10_000;

/** After our head changed, peers are told once it has rested for this long, in ms. */
export const ANNOUNCE_DELAY_MS = 200;
/** ...and at the latest after this long, in ms: in a flood it never rests. */
export const ANNOUNCE_LONGEST_MS = 5_000;
/**
 * A block that its miner itself has sent us is passed on after this long, in ms. The miner sends to all that it knows, and
 * where all know all every copy is one too many; on one machine they would keep the others from what they have got. Who
 * does not know the miner has it that much later, once and not at every step.
 */
export const FIRST_HAND_REST_MS = 50;
/**
 * After a block of ours that gossip brought to every peer they are asked for their heads only when no other has followed
 * for this long, in ms: to show what became of it. Among ten nodes these exchanges cost as much as the gossip, and just
 * when the block travels on.
 */
export const MINED_REST_MS = 2_000;
/**
 * ...and at the latest after this long, in ms: peers' blocks may follow without end, and their miners tell nobody; our own
 * begin it anew.
 */
export const MINED_REST_LONGEST_MS = 5_000;
/** The peer longest unasked is asked for its head this often, in ms, so that a lost message never matters. */
export const ANTI_ENTROPY_MS = 30_000;
/** A peer whose answer broke off, or who is busy, is asked again after this long, in ms, each next time twice as long... */
export const RETRY_FIRST_MS = 500;
/** ...up to the longest. */
export const RETRY_LONGEST_MS = 16_000;
/** How long one peer may sync while another waits for its turn, in ms: a slow peer must not hold up the others. */
export const SYNC_TURN_MS = 10_000;
/** Whether it is over is looked at this often, in ms, while nothing comes. */
export const SYNC_TURN_LOOK_MS = 500;

/** Canonical bytes of the blocks that are decoded, checked and stored at once, in one synced batch. */
export const SYNC_BATCH_BYTES = 192 << 10;

/**
 * Canonical bytes of blocks that others may bring, a second and at once. A chain of two million blocks comes as fast as it
 * can; after it ten nodes that mine as fast as they can bring a third of this, and who makes up blocks without end is
 * given no more than 86 GB a day.
 */
export const GROWTH_BYTES_PER_SECOND = 1 << 20;
export const GROWTH_BURST_BYTES = 512 << 20;

/**
 * The same of a node that keeps its chain in memory, where blocks take 4.4 times their bytes: 150,000 of the smallest are
 * some 150 MiB. After it there are five a second, and who makes up blocks without end has 400 MB a day.
 */
export const MEMORY_GROWTH_BYTES_PER_SECOND = 1 << 10;
export const MEMORY_GROWTH_BURST_BYTES = 32 << 20;

/** A sync waits so long at most, in ms, until more blocks may come; beyond, it gives up and is tried again later. */
export const GROWTH_PATIENCE_MS = 5_000;

/** Heads asked of one peer because of what it gossips, a second and at once: each is a round trip and a look at our chain. */
export const EXCHANGES_PER_SECOND = 4;
export const EXCHANGES_BURST = 16;

/**
 * Times in a row that a peer may promise one longer chain after the other and send none: it may be replacing its chain
 * while it is asked, but not without end.
 */
export const MAX_BROKEN_PROMISES = 3;

/** Ids of pending transactions that a peer may list in one exchange: ten mempools, of which five may have fallen out of a chain. */
export const MAX_LISTED_IDS = 100_000;

/** Peers whose heads are kept in mind: more than may be connected. */
export const MAX_PEER_HEADS = 512;

/** Time for one address of an invitation, in ms: a node on this LAN answers at once, an address elsewhere may never. */
export const JOIN_ADDRESS_MS = 4_000;

/** Callers that may wait for the miner while it works for another. */
export const MAX_WAITING_MINERS = 4;
/** What a block needs beside its transactions: keys, numbers, hashes, the reward (at most 2 KiB, recipient included). */
export const BLOCK_OVERHEAD_BYTES = 4 << 10;

/** As many faults of a kind as drop a peer are forgotten in this time, in ms, one after the other. */
export const FAULTS_FADE_MS = 60_000;
/** Peers whose faults of a kind are kept in mind: more than may be connected. */
export const MAX_FAULTY_PEERS = 1_024;
/**
 * Lines that tell of dropped peers, at once and a second: a peer is dropped once a minute at most, but identities cost
 * nothing. What is not said is counted in the next line.
 */
export const DROP_LINES_BURST = 30;
export const DROP_LINES_PER_SECOND = 0.5;
/** After a write has failed, the disk is looked at this often, in ms. */
export const ROOM_LOOK_MS = 5_000;
/** With this much room, in bytes, a node writes again: many times what LevelDB's log has, which is written once more when it is opened. */
export const ROOM_BYTES = 16 << 20;
