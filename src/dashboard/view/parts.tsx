/** Small parts that the page is made of. */
import type { ComponentChildren, CSSProperties } from 'preact';
import { useState } from 'preact/hooks';
import { huesOf, isHash, shortHash } from '../model/hash.js';
import type { Words } from '../words/index.js';
import { usePage } from './context.js';

/** The colours of a hash, for the style of whatever shows it. */
export function hueStyle(hash: string): CSSProperties {
  if (!isHash(hash)) return {};
  const [hue, second] = huesOf(hash);
  return { '--hue': hue, '--second': second } as CSSProperties;
}

export function HashChip({ hash, whole = false }: { hash: string; whole?: boolean }) {
  return (
    <code class={whole ? 'hash whole' : 'hash'} style={hueStyle(hash)} title={hash}>
      {whole ? hash : shortHash(hash)}
    </code>
  );
}

/** In the tutorial's words, for those who want them. */
export function Explain({ of }: { of: keyof Words['explained'] }) {
  const { settings, words } = usePage();
  return settings.explain ? <p class="explained">{words.explained[of]}</p> : null;
}

/** How long "Copied" is said, in ms. */
const SAID_MS = 1_500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const { words } = usePage();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <button type="button" class="small" aria-label={words.copyWhat(what)} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  );
}

/** Browsers give their clipboard to pages of https and localhost only; elsewhere the old way still works. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch {
      // refused; the old way is left
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function Panel({
  title,
  explain,
  children,
  class: name = '',
}: {
  title: string;
  explain: keyof Words['explained'];
  children: ComponentChildren;
  class?: string;
}) {
  const id = `panel-${explain}`;
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Explain of={explain} />
      {children}
    </section>
  );
}
