/** The Grafana file in examples/ asks for nothing that a node does not tell. */
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, describe, expect, it } from 'vitest';
import { Libp2pMetrics } from '../../../src/control/index.js';
import { ask, startNode } from '../support.js';
import { type Family, familyOf, readMetrics } from './support.js';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
}

const file = new URL('../../../examples/grafana-dashboard.json', import.meta.url);
const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

/** What Prometheus itself adds to each series. */
const ADDED = ['instance', 'job'];

interface Selected {
  /** The name of a series. */
  readonly name: string;
  readonly labels: string[];
}

/** Which series a query selects, and by which labels anything in it is chosen or grouped. */
function readQuery(query: string): { selected: Selected[]; grouped: string[] } {
  // Grafana puts these in.
  const text = query.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
  const selected: Selected[] = [];
  const grouped: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      const said = text.slice(from, to);
      if (type.isError) throw new Error(`not PromQL: ${text.slice(0, from)}<here>${text.slice(from)}`);
      if (type.name === 'VectorSelector') selected.push({ name: '', labels: [] });
      else if (type.name === 'Identifier')
        selected.push({ name: said, labels: selected.pop()?.labels ?? [] });
      else if (type.name === 'LabelName') {
        if (node.parent?.name === 'GroupingLabels') grouped.push(said);
        else selected.at(-1)?.labels.push(said);
      }
    },
  });
  return { selected, grouped };
}

describe('the Grafana dashboard', () => {
  let families: ReadonlyMap<string, Family>;

  beforeAll(async () => {
    const libp2p = new Libp2pMetrics();
    const { url } = await startNode({ libp2p, node: { libp2pMetrics: libp2p.make } });
    families = readMetrics((await ask(`${url}/metrics`)).text).families;
  });

  it('has panels, which take their data from a source that its user chooses', () => {
    expect(queries.length).toBeGreaterThan(20);
    expect(templating.list.find(({ type }) => type === 'datasource')?.name).toBe('datasource');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Grafana's own way to name a variable
    const chosen = '${datasource}';
    for (const { type, datasource } of panels) if (type !== 'row') expect(datasource?.uid).toBe(chosen);
    expect(templating.list.find(({ name }) => name === 'instance')?.definition).toBe(
      'label_values(gossipchain_info, instance)',
    );
    expect(families.has('gossipchain_info')).toBe(true);
  });

  it.each(queries)('asks for what a node tells: $title, $expr', ({ expr, legendFormat }) => {
    const { selected, grouped } = readQuery(expr);
    expect(selected.length).toBeGreaterThan(0);
    const all = new Set([...ADDED, ...grouped]);
    for (const { name, labels } of selected) {
      const family = familyOf(name, families);
      expect(family, `${name} is no metric of ours`).toBeDefined();
      const known = [...ADDED, 'le', ...labelsOf(name, family as Family)];
      for (const label of [...labels, ...grouped]) expect(known, `of ${name}`).toContain(label);
      for (const label of known) all.add(label);
    }
    for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect([...all]).toContain(label);
  });

  it('is held to it: a query for what is not there is found', () => {
    expect(readQuery('sum by (a) (rate(b{c="d"}[5m])) / e')).toEqual({
      selected: [
        { name: 'b', labels: ['c'] },
        { name: 'e', labels: [] },
      ],
      grouped: ['a'],
    });
    expect(familyOf('gossipchain_nothing_total', families)).toBeUndefined();
    expect(familyOf('gossipchain_block_propagation_seconds', families)).toBeUndefined();
    expect(() => readQuery('sum(rate(a[5m])')).toThrow('not PromQL');
  });
});

/** Those of libp2p's that have no series yet have none of their labels, either: they are named after themselves. */
function labelsOf(name: string, { labels }: Family): string[] {
  return labels.size > 0 ? [...labels] : name.startsWith('libp2p_') ? [name, 'protocol'] : [];
}
