/** The puzzle and its answer, checked before the reader's eyes. */
import { useEffect, useState } from 'preact/hooks';
import type { ShownBlock } from '../model/block.js';
import { shownBlock } from '../model/block.js';
import { sha256Hex } from '../model/hash.js';
import { api } from '../node/api.js';
import { usePage } from './context.js';

export function ProofCheck({ block }: { block: ShownBlock }) {
  const { dashboard, words } = usePage();
  const here = dashboard.chain.at(block.index - 1);
  const [fetched, setFetched] = useState<ShownBlock>();
  useEffect(() => {
    if (here !== undefined) return;
    api
      .block(block.index - 1)
      .then(({ block: fields }) => setFetched(shownBlock(fields)))
      .catch(() => {}); // without the last proof there is nothing to check; the page says that the node is away
  }, [block]);
  const before = here ?? fetched;
  if (before === undefined || before.hash !== block.previousHash) return null;
  const zeros = dashboard.status?.difficulty ?? 0;
  const hash = sha256Hex(`${before.proof}${block.proof}`);
  return (
    <section class="proof-check">
      <h3>{words.proofCheck}</h3>
      <p class="note">{words.proofCheckText(zeros)}</p>
      <p class="command">
        <code>
          SHA-256("{before.proof}
          <b>{block.proof}</b>") =
          <br />
          <mark>{hash.slice(0, zeros)}</mark>
          {hash.slice(zeros)}
        </code>
      </p>
    </section>
  );
}
