/** The numbers of the diagnosis, each with its unit and its reason. */

/** A peer heard of by mDNS within this time, in ms, is there: it asks every 10 s, and two packets may be lost. */
export const FRESH_MS = 35_000;
/** Nodes of another network heard within this time, in ms, are there; a person may need a while to ask. */
export const OTHER_NETWORK_MS = 120_000;
/** After this time in ms without having heard of anybody, a node is alone: others are found within 10. */
export const ALONE_MS = 15_000;
/** A dial may fail once because its peer was about to start; so often it is a fact. Times out once: 8 s were enough. */
export const FAILURES = 2;
/** Clocks that differ by more, in ms, are worth a word: what a block takes through a busy room is far below. */
export const CLOCK_SKEW_MS = 5_000;
/** With less room on the disk, in bytes, a chain may soon stop: a day of full blocks every minute is 1.4 GiB. */
export const MIN_FREE_BYTES = 100 << 20;

/** Strangers and clocks kept: more than a room has. */
export const MAX_STRANGERS = 64;
export const MAX_CLOCKS = 128;

/** How often the node looks for what to put into its log, in ms. */
export const WATCH_MS = 5_000;
/** Lines of it at once and a second: more than a bad network needs; what peers say of themselves may change all the time. */
export const LINES_BURST = 30;
export const LINES_PER_SECOND = 0.1;
/** Strangers that are asked who they are, while the node runs: each costs a connection. */
export const MAX_SCOUTED = 16;
/** How often one is asked that does not answer: packets are lost, and it may be about to start. */
export const SCOUT_TRIES = 3;
/** How long a scout listens for the addresses of another network's nodes, in ms. */
export const SCOUT_LISTEN_MS = 1_000;
