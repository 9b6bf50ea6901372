/** Where programs find what the page shows. */
import { usePage } from './context.js';

export function Footer() {
  const { dashboard, words } = usePage();
  const { docs, metrics, chain } = words.moreLinks;
  return (
    <footer class="foot">
      <span>{words.more}</span> <a href="/docs">{docs}</a> <a href="/metrics">{metrics}</a>{' '}
      <a href="/chain">{chain}</a>
      <span class="version">gossipchain {dashboard.status?.version}</span>
    </footer>
  );
}
