/** What Prometheus reads in `/metrics`. */

export interface Family {
  readonly type: string;
  readonly help: string;
  /** Names of all its labels. */
  readonly labels: Set<string>;
}

export interface Scraped {
  /** By name, without the suffixes that a histogram's series have. */
  readonly families: ReadonlyMap<string, Family>;
  /** The value of a series, written as it is in the text: `name{label="value"}`. */
  value(series: string): number | undefined;
}

const SERIES = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*"/g;

/** @throws Error at a line that Prometheus would not take */
export function readMetrics(text: string): Scraped {
  const families = new Map<string, Family>();
  const values = new Map<string, number>();
  const helps = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (helps.has(name)) throw new Error(`${name} is there twice`);
      helps.set(name, rest);
    } else if (kind === 'TYPE') {
      families.set(name, { type: rest, help: helps.get(name) ?? '', labels: new Set() });
    } else {
      const [, series = '', labels = '', value] = SERIES.exec(line) ?? [];
      const family = familyOf(series, families);
      if (family === undefined) throw new Error(`what is "${line}"?`);
      for (const [, label] of labels.matchAll(LABEL)) family.labels.add(label as string);
      values.set(line.slice(0, line.lastIndexOf(' ')), Number(value));
    }
  }
  return { families, value: (series) => values.get(series) };
}

/** The family that a series of this name belongs to. */
export function familyOf(series: string, families: ReadonlyMap<string, Family>): Family | undefined {
  const own = families.get(series);
  if (own !== undefined) return own.type === 'histogram' ? undefined : own;
  const family = families.get(series.replace(/_(bucket|sum|count)$/, ''));
  return family?.type === 'histogram' || family?.type === 'summary' ? family : undefined;
}
