/** What the control API answers, as its JSON has it. */
import type { JsonNumber } from '../chain/index.js';

export interface StatusAnswer {
  readonly version: string;
  readonly name: string;
  readonly network: string;
  readonly network_id: string;
  readonly peer_id: string;
  readonly addresses: readonly string[];
  readonly length: number;
  readonly head: string;
  readonly difficulty: number;
  readonly peers: number;
  readonly pending: number;
  readonly mining: MiningAnswer | null;
  readonly tied_heads: readonly string[];
}

export interface MiningAnswer {
  readonly index: number;
  readonly tried: number;
  /** Tries a second. */
  readonly rate: JsonNumber;
  /** ISO 8601. */
  readonly since: string;
}

export interface HealthAnswer {
  readonly status: string;
  readonly network_id: string;
  readonly peer_id: string;
}

export interface TransactionAnswer {
  readonly sender: string;
  readonly recipient: string;
  readonly amount: JsonNumber;
  readonly nonce?: string;
}

export interface ForgedAnswer {
  readonly message: string;
  readonly index: number;
  readonly transactions: readonly TransactionAnswer[];
  readonly proof: number;
  readonly previous_hash: string;
}

export interface SentAnswer {
  readonly message: string;
  readonly id: string;
}

export interface PeerAnswer {
  readonly peer_id: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly direction: string;
  readonly connected_at: string;
  readonly rtt_ms: JsonNumber | null;
  readonly length: number | null;
  readonly head: string | null;
}

export interface PendingAnswer {
  readonly id: string;
  readonly transaction: TransactionAnswer;
  readonly received_at: string;
  readonly from: string | null;
}

export interface InvitationAnswer {
  readonly code: string;
  readonly network_id: string;
  readonly peer_id: string;
  readonly addresses: readonly string[];
}

export interface RegisteredAnswer {
  readonly message: string;
  readonly total_nodes: readonly string[];
}
