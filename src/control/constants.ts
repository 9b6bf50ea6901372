/** The numbers of the control port. All are policy; each has its reason. */

/** How many ports after a taken one are tried: a classroom's worth of nodes on one machine. */
export const PORTS_TO_TRY = 100;
/** How often a free port is asked for that must be free on two addresses. */
export const FREE_PORT_ATTEMPTS = 20;

/** Headers must be there by then, in ms: a slow one must not hold a connection. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** So must the body, in ms; what is too large is thrown away for as long, so that its sender can read why. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** How often both are checked, in ms. */
export const TIMEOUT_CHECK_MS = 2_000;
/** Who is told that a request is none, and why, has this long to read it, in ms: then the connection is gone, closed or not. */
export const LAST_WORDS_MS = 2_000;
/** An idle connection is kept for the next request this long, in ms. */
export const KEEP_ALIVE_MS = 5_000;
/** Our longest header is a token; browsers send a few KiB. In bytes. */
export const MAX_HEADER_BYTES = 16 << 10;
/** A room that looks at one node, each with a page, an event stream and a command line; beyond, connections are refused. */
export const MAX_CONNECTIONS = 256;
/** Answers under way may finish for this long when the port closes, in ms; a node stops within 2 s. */
export const CLOSE_GRACE_MS = 500;

/** The largest honest body is a list of nodes. In bytes. */
export const MAX_BODY_BYTES = 64 << 10;
/** Longer path parameters than a hash are nobody's. */
export const MAX_PARAMETER_CHARACTERS = 128;

/** Blocks are gathered to pieces of about this size before they are written, in bytes. */
export const STREAM_CHUNK_BYTES = 64 << 10;
/** A client that takes nothing of its answer, and sends nothing, for this long is hung up on, in ms: it may hold a view of the chain open. */
export const STREAM_STALL_MS = 60_000;

/** When to try again, in seconds: a block is found, or room made, in about that time. */
export const RETRY_MINING_SECONDS = 5;
export const RETRY_MEMPOOL_SECONDS = 10;
export const RETRY_EVENTS_SECONDS = 10;
export const RETRY_STOPPING_SECONDS = 5;

/** Event streams at once: each is a connection that stays. */
export const MAX_EVENT_CLIENTS = 64;
/**
 * Events kept for those who come back: of a quarter of an hour in a busy room, and more than the blocks that a sync stores at
 * once. With four times as many they outlive V8's young generation, and a sync of 100,000 blocks weighs 15 MiB more.
 */
export const MAX_KEPT_EVENTS = 1_024;
/** And what they may weigh together, in bytes: a block can have 1 MiB. */
export const MAX_KEPT_EVENT_BYTES = 4 << 20;
/** Text on its way to one client, in bytes; what comes after waits among the kept events. */
export const EVENT_BUFFER_BYTES = 64 << 10;
/** A comment at this interval keeps proxies from closing a silent stream, in ms. */
export const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for this long while something waits is dropped, in ms. */
export const SLOW_CLIENT_MS = 30_000;
/** How soon a browser comes back after its stream has ended, in ms. */
export const RECONNECT_MS = 1_000;

/** Blocks kept that came too late to be in our chain: as many as the storage keeps of those it replaced. */
export const MAX_LOST_BLOCKS = 100;
/** And what they may weigh together, in bytes. */
export const MAX_LOST_BYTES = 4 << 20;
/** The shortest mean time between two blocks that may be asked for, in seconds: faster, a node does little else. */
export const MIN_MINING_SECONDS = 0.1;
/** The longest: a day. */
export const MAX_MINING_SECONDS = 86_400;

/** What peers said of their heads is asked for anew after this time, in ms, while somebody looks at the room… */
export const SURVEY_MS = 500;
/** …and waited for so long, in ms: who is slower is shown as it was. */
export const SURVEY_WAIT_MS = 400;
/** Lengths of the longest chain, and when it reached each: who is further behind is so for longer than we know. */
export const MAX_KEPT_LENGTHS = 1_024;
/** Nodes that have left, and forks, that are kept to be shown: more than a class. */
export const MAX_LEFT_NODES = 64;
export const MAX_KEPT_FORKS = 256;

/** Nodes that one request may register: a classroom. */
export const MAX_REGISTERED_NODES = 32;
/** How long another node's control API is waited for, in ms. */
export const HEALTH_TIMEOUT_MS = 2_000;
/** And how much it may say, in bytes. */
export const MAX_HEALTH_BYTES = 64 << 10;
/** Of the addresses that another node names, so many are tried… */
export const MAX_DIALLED_ADDRESSES = 8;
/** …each for so long, in ms. */
export const DIAL_TIMEOUT_MS = 4_000;
/** How long a new peer is waited for that is connected but has not said its name and addresses yet, in ms. */
export const ANNOUNCE_TIMEOUT_MS = 3_000;
