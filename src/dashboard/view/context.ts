/** What every part of the page may look at. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ShownBlock } from '../model/block.js';
import type { BesideBlock } from '../model/branches.js';
import type { Dashboard } from '../model/dashboard.js';
import type { Settings } from '../model/settings.js';
import type { Words } from '../words/index.js';

/** What is looked at closely, beside the page. */
export type Subject =
  | { readonly kind: 'block'; readonly block: ShownBlock; readonly beside?: BesideBlock }
  | { readonly kind: 'transaction'; readonly id: string }
  | { readonly kind: 'peer'; readonly peerId: string };

export interface Page {
  readonly dashboard: Dashboard;
  readonly settings: Settings;
  readonly words: Words;
  readonly subject: Subject | undefined;
  look(subject: Subject | undefined): void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('this part stands outside of the page');
  return page;
}
