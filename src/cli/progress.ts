/** Shows a person at a terminal how far something has come, once it takes longer than a second. */
import { formatCount } from './format.js';
import { CLEAR_LINE, canRedraw, type Shown } from './terminal.js';

const PATIENCE_MS = 1000;
const REFRESH_MS = 100;
const BAR_WIDTH = 40;
const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

/** Something that has come so far, of a whole that may be unknown. */
export interface Progress {
  readonly done: number;
  readonly total: number | undefined;
  /** What is said beside it. */
  readonly text: string;
}

/** Where it is shown: stderr, or what stands for it. */
export interface ProgressStream extends Shown {
  write(text: string): unknown;
  readonly columns?: number;
}

/**
 * Looks at how far it has come, and shows it if stderr is a terminal that can draw it: a bar where the whole is known, else that it goes on.
 * It keeps to the line that the cursor is in, and leaves cursor and signals alone: log lines take its place for a moment,
 * and Ctrl-C does what it does without it.
 *
 * @returns ends the show; what was shown is gone then
 */
export function showProgress(
  title: string,
  look: () => Progress,
  stream: ProgressStream = process.stderr,
): () => void {
  if (!canRedraw(stream)) return () => {};
  let turn = 0;
  const draw = () => {
    const line = progressLine(title, look(), turn++);
    stream.write(CLEAR_LINE + line.slice(0, (stream.columns || 80) - 1));
  };
  let refresh: NodeJS.Timeout | undefined;
  const patience = setTimeout(() => {
    draw();
    refresh = setInterval(draw, REFRESH_MS);
  }, PATIENCE_MS);
  return () => {
    clearTimeout(patience);
    if (refresh === undefined) return;
    clearInterval(refresh);
    refresh = undefined;
    stream.write(CLEAR_LINE);
  };
}

/** The same for what does not tell how far it is: for how long it goes on. */
export async function showWork<T>(title: string, work: Promise<T>): Promise<T> {
  const begun = performance.now();
  const text = () => `${Math.floor((performance.now() - begun) / 1000)} s`;
  const end = showProgress(title, () => ({ done: 0, total: undefined, text: text() }));
  try {
    return await work;
  } finally {
    end();
  }
}

function progressLine(title: string, { done, total, text }: Progress, turn: number): string {
  if (total === undefined) return `${SPINNER[turn % SPINNER.length]} ${title}  ${text || formatCount(done)}`;
  const part = total > 0 ? Math.min(1, done / total) : 1;
  const full = Math.floor(part * BAR_WIDTH);
  const bar = '━'.repeat(full) + '─'.repeat(BAR_WIDTH - full);
  return `${title}  ${bar} ${String(Math.floor(part * 100)).padStart(3)} %  ${text}`;
}
