/** The calls of the node that this page came from. Numbers keep their kind and size, so that hashes can be computed. */
import { canonicalJson } from '../../chain/canonical.js';
import { parseJson } from '../../chain/json.js';
import type {
  BlockFields,
  BranchBlock,
  FoundTransaction,
  Invitation,
  MiningPace,
  Peer,
  Pending,
  RoomNode,
  Status,
} from './answers.js';

/** The node answered, but not with what was asked for. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, { cache: 'no-store', ...init });
  const text = await response.text();
  if (!response.ok) throw new Refusal(response.status, messageIn(text) ?? response.statusText);
  return (text === '' ? undefined : parseJson(text)) as Answer;
}

function post<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  return ask(path, {
    method: 'POST',
    ...(signal && { signal }),
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : canonicalJson(body),
    }),
  });
}

/** The node's own words in an answer that is not what was asked for. */
export function messageIn(text: string): string | undefined {
  try {
    return (parseJson(text) as { message?: string }).message;
  } catch {
    return undefined; // an answer of a proxy's
  }
}

export const api = {
  status: () => ask<Status>('/status'),
  peers: () => ask<Peer[]>('/peers'),
  pending: () => ask<Pending[]>('/transactions/pending'),
  branches: () => ask<BranchBlock[]>('/branches'),
  room: () => ask<RoomNode[]>('/room'),
  invitation: () => ask<Invitation>('/invitation'),
  chain: (from: number, limit: number) =>
    ask<{ chain: BlockFields[]; length: number }>(`/chain?from=${from}&limit=${limit}`),
  block: (indexOrHash: number | string) => ask<{ block: BlockFields }>(`/blocks/${indexOrHash}`),
  transaction: (id: string) => ask<FoundTransaction>(`/transactions/${id}`),
  /** @param body JSON, its amount as it was written */
  send: (body: string) => post<{ message: string; id: string }>('/transactions/new', body),
  /** @param signal aborted, the node gives the search up */
  mine: (signal: AbortSignal) => post<{ index: number }>('/mine', undefined, signal),
  pace: () => ask<MiningPace>('/mining'),
  setPace: (everySeconds: number | null) => post<MiningPace>('/mining', { every_seconds: everySeconds }),
  signIn: (token: string) => post<void>('/session', { token }),
};
