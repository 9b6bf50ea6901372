/** What the reader has chosen; kept by the browser. */
import { LANGUAGES, type Language, preferredLanguage, type Words } from '../words/index.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

interface Choices {
  language: Language;
  theme: Theme;
  explain: boolean;
  /** Whether the reader has been told what this page is. */
  introduced: boolean;
}

const KEY = 'gossipchain';

export class Settings {
  readonly #choices: Choices;

  constructor(private readonly changed: () => void) {
    const kept = read();
    this.#choices = {
      language:
        kept.language && kept.language in LANGUAGES ? kept.language : preferredLanguage(navigator.languages),
      theme: kept.theme && THEMES.includes(kept.theme) ? kept.theme : 'auto',
      explain: kept.explain ?? false,
      introduced: kept.introduced ?? false,
    };
    this.#show();
  }

  get language(): Language {
    return this.#choices.language;
  }

  get words(): Words {
    return LANGUAGES[this.language];
  }

  get theme(): Theme {
    return this.#choices.theme;
  }

  get explain(): boolean {
    return this.#choices.explain;
  }

  get introduced(): boolean {
    return this.#choices.introduced;
  }

  choose(choice: Partial<Choices>): void {
    Object.assign(this.#choices, choice);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#choices));
    } catch {
      // A browser that keeps nothing still shows what was chosen.
    }
    this.#show();
    this.changed();
  }

  #show(): void {
    const root = document.documentElement;
    root.lang = this.words.htmlLang;
    if (this.theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = this.theme;
  }
}

function read(): Partial<Choices> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Partial<Choices>;
  } catch {
    return {};
  }
}
