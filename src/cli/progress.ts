/** Shows a person at a terminal how far something has come, once it takes longer than a second. */
import { SingleBar } from 'cli-progress';
import { formatCount } from './format.js';
import { CLEAR_LINE } from './output.js';

const PATIENCE_MS = 1000;
const REFRESH_MS = 100;

/** Something that has come so far, of a whole that may be unknown. */
export interface Progress {
  readonly done: number;
  readonly total: number | undefined;
  /** What is said beside it. */
  readonly text: string;
}

/**
 * Looks at how far it has come, and shows it on stderr if that is a terminal: a bar where the whole is known,
 * else a line.
 *
 * @returns ends the show; what was shown is gone then
 */
export function showProgress(title: string, look: () => Progress): () => void {
  if (!process.stderr.isTTY) return () => {};
  let shown: Show | undefined;
  const timer = setTimeout(() => {
    shown = look().total === undefined ? new LineShow(title, look) : new BarShow(title, look);
  }, PATIENCE_MS);
  return () => {
    clearTimeout(timer);
    shown?.end();
  };
}

interface Show {
  end(): void;
}

class BarShow implements Show {
  readonly #bar = new SingleBar({
    format: '{title}  {bar} {percentage} %  {text}',
    barCompleteChar: '━',
    barIncompleteChar: '─',
    clearOnComplete: true,
    hideCursor: true,
    // What else is written there, such as a log line, takes its place for a moment.
    forceRedraw: true,
    stream: process.stderr,
  });
  readonly #timer: NodeJS.Timeout;

  constructor(title: string, look: () => Progress) {
    const { total = 1, done, text } = look();
    this.#bar.start(total, done, { title, text });
    this.#timer = setInterval(() => {
      const now = look();
      if (now.total !== undefined) this.#bar.setTotal(now.total);
      this.#bar.update(now.done, { title, text: now.text });
    }, REFRESH_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#bar.stop();
  }
}

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

class LineShow implements Show {
  #turn = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(title: string, look: () => Progress) {
    this.#timer = setInterval(() => {
      const { done, text } = look();
      const spinner = SPINNER[this.#turn++ % SPINNER.length];
      const line = `${spinner} ${title}  ${text || formatCount(done)}`;
      process.stderr.write(CLEAR_LINE + line.slice(0, (process.stderr.columns || 80) - 1));
    }, REFRESH_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    process.stderr.write(CLEAR_LINE);
  }
}
