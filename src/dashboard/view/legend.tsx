/** What stands on a block, part by part, for those who want it explained. */
import { usePage } from './context.js';

export function Legend() {
  const { settings, words } = usePage();
  if (!settings.explain) return null;
  const { explained } = words;
  const parts = [
    [words.previous, explained.previousHash],
    [words.hash, explained.hash],
    [words.proof, explained.proof],
    [words.transaction, explained.transactions],
    [words.from, explained.origin],
    ['?', explained.next],
  ] as const;
  return (
    <dl class="legend">
      {parts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
