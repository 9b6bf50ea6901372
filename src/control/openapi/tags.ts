/** The groups in which a reader meets the calls, in this order, and the calls in theirs. */

export interface Group {
  readonly name: string;
  readonly description: string;
  /** As Fastify writes them. */
  readonly paths: readonly string[];
}

export const GROUPS: readonly Group[] = [
  {
    name: 'The tutorial’s five',
    description: 'As its readers know them.',
    paths: ['/mine', '/transactions/new', '/chain', '/nodes/register', '/nodes/resolve'],
  },
  {
    name: 'Chain and transactions',
    description: 'One block, one transaction, what waits, and what lost.',
    paths: ['/blocks/:index_or_hash', '/branches', '/transactions/pending', '/transactions/:id'],
  },
  {
    name: 'Node and network',
    description: 'How this node is, whom it knows, and how others join it.',
    paths: ['/status', '/health', '/mining', '/peers', '/room', '/invitation', '/diagnosis'],
  },
  {
    name: 'Live',
    description: 'What happens as it happens, and in figures.',
    paths: ['/events', '/metrics'],
  },
  {
    name: 'Pages and this document',
    description: 'For people, and for those who write programs.',
    paths: ['/', '/docs', '/openapi.json', '/session'],
  },
];

const ORDER = GROUPS.flatMap(({ paths }) => paths);

/** @returns undefined for a call that stands in no group: the document is not complete then */
export function groupOf(path: string): string | undefined {
  return GROUPS.find(({ paths }) => paths.includes(path))?.name;
}

/** Before which others a call stands. */
export function rankOf(path: string): number {
  const at = ORDER.indexOf(path);
  return at === -1 ? ORDER.length : at;
}
