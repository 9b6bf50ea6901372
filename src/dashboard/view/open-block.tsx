/** From one block to another: by the hash that ties them, or by its number. */
import { shownBlock } from '../model/block.js';
import { api } from '../node/api.js';
import { usePage } from './context.js';

/** @property of its index in our chain; or its hash, where it may stand on a branch that lost */
export function OpenBlock({ of, label }: { of: number | string; label: string }) {
  const { dashboard, look } = usePage();
  const open = async () => {
    const beside = dashboard.branches.find(({ block }) => block.hash === of);
    if (beside !== undefined) return look({ kind: 'block', block: beside.block, beside });
    const here = typeof of === 'number' ? dashboard.chain.at(of) : undefined;
    try {
      look({ kind: 'block', block: here ?? shownBlock((await api.block(of)).block) });
    } catch {
      // The node is away, which the page says, or keeps that block no longer.
    }
  };
  return (
    <button type="button" class="small" onClick={() => void open()}>
      {label}
    </button>
  );
}
