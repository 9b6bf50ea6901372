/** What the node answers, as far as the page uses it; the schemas in src/control say the rest. */
import type { JsonNumber } from '../../chain/json.js';

export interface Head {
  readonly length: number;
  readonly hash: string;
}

export interface TransactionFields {
  readonly sender: string;
  readonly recipient: string;
  readonly amount: JsonNumber;
  readonly nonce?: string;
}

export interface BlockFields {
  readonly index: number;
  readonly timestamp: JsonNumber;
  readonly transactions: readonly TransactionFields[];
  readonly proof: number;
  readonly previous_hash: string | JsonNumber;
}

export interface Search {
  readonly index: number;
  readonly tried: JsonNumber;
  readonly rate: JsonNumber;
  readonly since: string;
}

export interface Status {
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
  readonly mining: Search | null;
  readonly tied_heads: readonly string[];
}

export interface Peer {
  readonly peer_id: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly direction: 'inbound' | 'outbound';
  readonly connected_at: string;
  readonly rtt_ms: JsonNumber | null;
  readonly length: number | null;
  readonly head: string | null;
}

export interface Pending {
  readonly id: string;
  readonly transaction: TransactionFields;
  readonly received_at: string;
  readonly from: string | null;
}

export interface FoundTransaction {
  readonly id: string;
  readonly transaction: TransactionFields;
  readonly status: 'pending' | 'in_block';
  readonly block: number | null;
  readonly confirmations: number;
}

export interface BranchBlock {
  readonly hash: string;
  readonly block: BlockFields;
  readonly fate: 'replaced' | 'beside';
  readonly at: string;
  readonly from: string | null;
}

export interface Invitation {
  readonly code: string;
}

export interface MiningPace {
  readonly every_seconds: JsonNumber | null;
}

/** By the event's name. */
export interface Events {
  block: {
    index: number;
    hash: string;
    block: BlockFields;
    source: 'own' | 'gossip' | 'sync';
    from: string | null;
    at: string;
  };
  transaction: { id: string; transaction: TransactionFields; from: string | null; at: string };
  peer: { peer_id: string; name: string; change: 'connected' | 'disconnected'; at: string };
  fork: { index: number; hash: string; fork: number; from: string | null; at: string };
  reorg: {
    fork: number;
    removed: number;
    added: number;
    old_head: Head;
    new_head: Head;
    returned: readonly string[];
    from: string | null;
    at: string;
  };
  mining: { state: 'started' | 'restarted' | 'found' | 'cancelled'; index: number; at: string };
}
