/** Every limit and waiting time of the network, with its unit and its reason. */

// -- Names

/** Longest nickname, in code points: it stands in tables and logs. */
export const MAX_NICKNAME_CODE_POINTS = 64;

/** Digits of the network id in the mDNS service tag: a DNS label has little room, and the rest is checked later. */
export const SERVICE_TAG_DIGITS = 8;

// -- Connections

/**
 * Connections held at once. A classroom is some 30 nodes, all connected to all; the rest is room for peers of other
 * rooms and for a second connection to a peer that was just restarted.
 */
export const MAX_CONNECTIONS = 128;

/**
 * New connections a second taken from one IP address. Thirty nodes on one machine that all start at once dial each
 * other within a second; libp2p's own bound of 5 keeps ten from ever meeting.
 */
export const MAX_INBOUND_PER_SECOND = 128;

/**
 * Sockets taken from one address: those a burst lets in at once (thirty nodes on one machine that start together, several
 * times each), and those a second after it. A handshake costs some 2 ms: who connects and disconnects without end
 * gets a thirtieth of a core.
 */
export const INBOUND_BURST = 256;
export const INBOUND_PER_SECOND = 16;

/** Addresses whose sockets are counted; beyond it the one longest silent is forgotten. */
export const MAX_COUNTED_ADDRESSES = 1_024;

/**
 * Inbound connections held from one address, a quarter less than all: whoever sits there with two hundred identities
 * leaves room for those who come from elsewhere. A hundred honest nodes on one machine still meet.
 */
export const MAX_INBOUND_PER_ADDRESS = 96;

/** Connections held with one peer: two that dial each other have two for a moment, a restart adds one. */
export const MAX_CONNECTIONS_PER_PEER = 4;

/**
 * Bytes of a socket before it has become a connection: a handshake has some 2 KiB, and what its peer says right after it may come
 * along. Each protocol that is asked for in vain costs an answer, in ten bytes.
 */
export const MAX_HANDSHAKE_BYTES = 16 << 10;

/** Sockets that may be in the middle of their handshake, so that idle ones do not lock honest dialers out... */
export const MAX_INBOUND_PENDING = 128;

/** ...of one address, which thus cannot take the place of all others... */
export const MAX_INBOUND_PENDING_PER_ADDRESS = 64;

/**
 * ...and how long they may take for it, in ms: milliseconds, but seconds where twenty nodes start on one machine, or where
 * a third of all packets is lost and each that is costs a second or two.
 */
export const INBOUND_UPGRADE_TIMEOUT_MS = 16_000;

/**
 * Time for TCP to connect, in ms: its packet is sent at 0, 1 and 3 s. Whoever did not answer by then is dialled anew later:
 * the packets that would come after it are 4 and 8 s apart, and a link may heal in between.
 */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Time for one address of a peer, handshake included, in ms. Too short a time makes a crowd that starts together throw
 * its work away and begin anew, without end: 20 nodes on 2 cores never met with 3 s and 16 dials at once.
 */
export const ADDRESS_DIAL_TIMEOUT_MS = CONNECT_TIMEOUT_MS + INBOUND_UPGRADE_TIMEOUT_MS;

/** Time for a peer, in ms, all of its addresses together. */
export const DIAL_TIMEOUT_MS = 30_000;

/**
 * The longest text that is read as an address: with a host name of 253 characters, a port and a peer id it has 326. To find
 * out that 100 KB are none would take a tenth of a second.
 */
export const MAX_ADDRESS_CHARACTERS = 512;

/** Addresses of one peer that are taken from it and tried: a laptop with a few virtual networks has this many. */
export const MAX_ADDRESSES_PER_PEER = 16;
/** Protocols of one peer that are taken from it: a node of ours serves eight. */
export const MAX_PROTOCOLS_PER_PEER = 64;

/**
 * What a connection may bring, in bytes a second and at once; beyond, it is not read until its time has come. A LAN moves
 * 120 MB/s, a sync half of that at most; without a bound one peer's noise takes a core to decrypt.
 */
export const CONNECTION_BYTES_PER_SECOND = 64 * 1024 * 1024;
export const CONNECTION_BYTES_BURST = 64 * 1024 * 1024;

/** Yamux frames, a second and at once: a busy peer sends some hundred, each costs some 5 us, and each ping an answer. */
export const FRAMES_PER_SECOND = 4_096;
export const FRAMES_BURST = 16_384;

/** New streams, a second and at once: each is negotiated, in 0.3 ms. A peer has 64 requests a second, and pings. */
export const STREAMS_PER_SECOND = 128;
export const STREAMS_BURST = 512;

/** Streams open at once on a connection, either way: 24 of the chain protocol, 16 of ping, a handful of others. */
export const MAX_STREAMS_PER_CONNECTION = 64;

/** Bytes of a stream that arrived and nobody reads yet, before it is reset: one window, since a paused one gets no more. */
export const MAX_STREAM_UNREAD_BYTES = 1024 * 1024;

/** Time to agree on a stream's protocol, in ms: one round trip, but where much is lost or twenty nodes start. */
export const NEGOTIATION_TIMEOUT_MS = 16_000;

/** Time for a peer to let us open our gossip stream, in ms: as for any protocol. */
export const GOSSIP_STREAM_MS = NEGOTIATION_TIMEOUT_MS;

/**
 * Who did not is not asked again for this long, in ms, so that nobody waits for it in vain. Who ends what it has let us
 * open is asked so long after it was asked last: to do so at once, again and again, costs us little.
 */
export const GOSSIP_STREAM_RETRY_MS = 30_000;

/** Before a stream that lasted longer is opened anew, in ms: where its connection is closing too, that ends meanwhile. */
export const GOSSIP_STREAM_PAUSE_MS = 1_000;

/**
 * Bytes that wait to be sent on a connection because its peer does not read, before it is cut: more than what gossip
 * (8 MiB) and eight answers of the chain protocol may have waiting.
 */
export const MAX_CONNECTION_BACKLOG_BYTES = 24 * 1024 * 1024;

/** Log lines that tell of peers that are not reached, at once and a second: mDNS answers for new ones cost nothing. */
export const FAILURE_LINES_BURST = 30;
export const FAILURE_LINES_PER_SECOND = 0.5;

/** Graceful end of a connection, in ms, before it is cut. */
export const CONNECTION_CLOSE_TIMEOUT_MS = 500;

/**
 * From a ping's answer to the next ping of the connection, in ms. All ping all. Who answers late is no worse for it: pings
 * are for the round-trip time, and for noise.
 */
export const PING_INTERVAL_MS = 5_000;

/**
 * A connection on which nothing has come for so long is cut, in ms. A program that is killed is noticed at once by TCP; a
 * peer that fell silent (cut cable, closed lid, stopped) in this way, after 7 to 12 s. Who is there pings: where a third of
 * all packets is lost, a ping's answer is late for every other reason than that its peer is gone.
 */
export const SILENCE_MS = 12_000;

/** Ping streams open at once on a connection, for programs that ping by a protocol of its own. */
export const MAX_PING_STREAMS = 8;

/**
 * Window of a stream, in bytes. Reading has no back-pressure but by pause(), and that works only with a bounded window.
 */
export const MAX_STREAM_WINDOW_BYTES = 1024 * 1024;

/** A peer counts as connected when it has told its name and protocols, at the latest after this time, in ms. */
export const IDENTIFY_WAIT_MS = 2_000;

/** Time for a peer to tell them, in ms: gossip waits for it. */
export const IDENTIFY_TIMEOUT_MS = NEGOTIATION_TIMEOUT_MS;

/** A peer that was dropped is neither dialled nor let in for this long, in ms. */
export const SHUN_MS = 60_000;

/** Peers shunned at once; the oldest is pardoned first. Whoever changes its identity is not stopped by this list. */
export const MAX_SHUNNED = 1_024;

/** Time for an orderly end, in ms: a node must stop within 2 s. */
export const STOP_TIMEOUT_MS = 1_500;

// -- Dialling

/** Peers known and redialled at once: several classrooms. What a forger announces beyond that is not kept. */
export const MAX_KNOWN_PEERS = 256;

/** Dials at once: few, so that each is soon done, also where many nodes share a machine. */
export const MAX_PARALLEL_DIALS = 6;

/** Of these, dials to peers that may be gone (they failed before, or are only remembered): each may block for long. */
export const MAX_DOUBTFUL_DIALS = 3;

/**
 * Of two peers that discover each other, the lower id dials at once and the other after this time, in ms: long enough
 * that it seldom dials in vain on a loaded machine, and short enough where one of the two cannot dial.
 */
export const YIELD_MS = 2_000;

/** First waiting time before a redial, in ms, each next longer by the factor, up to the longest. */
export const REDIAL_FIRST_MS = 300;
export const REDIAL_FACTOR = 1.5;
export const REDIAL_LONGEST_MS = 30_000;

/**
 * The longest to a peer whose connection was a good one and ended less than so long ago, in ms: it is to be back 10 s
 * after its link heals, also where mDNS does not tell.
 */
export const REUNION_LONGEST_MS = 5_000;
export const REUNION_WITHIN_MS = 60 * 60 * 1000;

/** A waiting time is made longer or shorter by up to this share, so that a room does not redial in step. */
export const REDIAL_JITTER = 0.25;

/** A connection that lasted this long, in ms, was a good one: waiting times begin anew after it. */
export const STABLE_MS = 10_000;

/** A peer that was just heard of by mDNS is alive: its next dial is at most this far away, in ms. */
export const SIGHTED_MS = 2_000;

// -- Diagnosis

/** Entries of each of its tables, the oldest forgotten first: as many as peers are known. */
export const MAX_DIAGNOSIS_ENTRIES = 256;

/** Time for one question to a node of another network, dialling and handshake included, in ms: a LAN answers in 50. */
export const VISIT_MS = 3_000;

// -- Discovery

/** Time between two mDNS questions, in ms. Every node answers each: thirty nodes send 90 packets a second. */
export const MDNS_INTERVAL_MS = 10_000;

/** How long others may keep an answer, in seconds: as @libp2p/mdns has it. */
export const MDNS_TTL_S = 120;

/** So many questions of ours that do not come back to us: multicast is dropped, and not one packet lost. */
export const MDNS_UNHEARD_QUESTIONS = 3;

/** Time between two looks at this machine's interfaces, in ms: 0.1 ms of work, and a new one is used at once. */
export const INTERFACES_POLL_MS = 1_000;

/** A packet may be lost: the first question is asked again after these times, in ms (RFC 6762, 5.2). */
export const MDNS_REPEAT_MS = [1_000, 2_000, 4_000] as const;

// -- Peer exchange

/**
 * Time between the first two announcements of a node, in ms, each next twice as long, up to the longest: gossip makes
 * some sixty messages of one among ten nodes that are all connected.
 */
export const ANNOUNCE_FIRST_MS = 1_000;
export const ANNOUNCE_LONGEST_MS = 120_000;

/** Who announces itself and is unknown hears of us by an announcement so long after our last, in ms. */
export const ANNOUNCE_ANSWER_MS = 5_000;

/** Addresses in an announcement, in and out: a laptop's few. */
export const MAX_ANNOUNCED_ADDRESSES = 8;

/**
 * Announcements a second taken from one peer, who passes on everybody's, and how many at once: a room of 100 that
 * starts together announces 500 in its first half minute, then three a second. What is beyond is not passed on.
 */
export const ANNOUNCEMENTS_PER_SECOND = 16;
export const ANNOUNCEMENTS_BURST = 256;

/**
 * Announcements of the same peer that the same other passes on change nothing within this time, in ms: each would bring its
 * next dial forward...
 */
export const HINT_INTERVAL_MS = 30_000;

/** ...and of so many others the words are kept, to be tried in turn: a forger's is not the only one. */
export const MAX_TELLERS_PER_PEER = 8;

/** Time for a peer of which only announcements told, in ms, so that those who are not there do not keep others waiting. */
export const HEARSAY_DIAL_MS = 4_000;

/**
 * Peers that are dialled because an announcement said so, and were not reached yet: a classroom. Nobody signs
 * announcements, so this is what forgers can make us dial at once: whoever passes on the most yields to the others...
 */
export const MAX_STRANGERS = 64;

/** ...and how long each is dialled in vain, in ms, with growing waiting times: some eight times. */
export const STRANGER_PATIENCE_MS = 60_000;

/** The largest mDNS packet, in bytes (RFC 6762, 17). */
export const MAX_MDNS_BYTES = 9_000;
/** Where mDNS sends (RFC 6762, 3). */
export const MDNS_ADDRESS = '224.0.0.251';
export const MDNS_PORT = 5_353;
