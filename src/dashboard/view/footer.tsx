/** Where programs find what the page shows. */
import { usePage } from './context.js';

/** Of a long chain the whole would be more than a browser shows at once. */
const NEWEST = 100;

export function Footer() {
  const { dashboard, words } = usePage();
  const { docs, metrics, chain } = words.moreLinks;
  const from = Math.max(1, dashboard.chain.length - NEWEST + 1);
  return (
    <footer class="foot">
      <span>{words.more}</span> <a href="/docs">{docs}</a> <a href="/metrics">{metrics}</a>{' '}
      <a href={`/chain?from=${from}`}>{chain}</a>
      <span class="version">gossipchain {dashboard.status?.version}</span>
    </footer>
  );
}
