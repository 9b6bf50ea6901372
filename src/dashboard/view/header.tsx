/** Which node this is, how it is, and how the page is read. */
import { THEMES, type Theme } from '../model/settings.js';
import { LANGUAGES, type Language } from '../words/index.js';
import { usePage } from './context.js';
import { Explain } from './parts.js';

export function Header() {
  const { dashboard, words, settings } = usePage();
  const { status, connection, chain } = dashboard;
  return (
    <header class="top">
      <div class="who">
        <h1>
          <svg class="mark" viewBox="0 0 32 20" aria-hidden="true">
            <rect x="1" y="4" width="18" height="12" rx="6" />
            <rect x="13" y="4" width="18" height="12" rx="6" />
          </svg>
          {status?.name ?? words.title}
        </h1>
        <span class={`connection ${connection.state}`} role="status">
          {words.connection[connection.state]}
        </span>
      </div>
      <dl class="facts">
        <div>
          <dt>{words.network}</dt>
          <dd>{status?.network ?? '–'}</dd>
        </div>
        <div>
          <dt>{words.length}</dt>
          <dd data-testid="length">
            {chain.length === 0 ? '–' : chain.length.toLocaleString(words.htmlLang)}
          </dd>
          <Explain of="length" />
        </div>
        <div>
          <dt>{words.difficulty}</dt>
          <dd>{status === undefined ? '–' : words.zeros(status.difficulty)}</dd>
          <Explain of="difficulty" />
        </div>
        <div>
          <dt>{words.peers}</dt>
          <dd>{dashboard.peers.length}</dd>
        </div>
      </dl>
      <fieldset class="settings">
        <legend class="unseen">{words.settings}</legend>
        <button
          type="button"
          class="toggle"
          aria-pressed={settings.explain}
          onClick={() => settings.choose({ explain: !settings.explain })}
        >
          {words.explain}
        </button>
        <select
          aria-label={words.chooseLanguage}
          value={settings.language}
          onChange={(event) => settings.choose({ language: event.currentTarget.value as Language })}
        >
          {Object.entries(LANGUAGES).map(([key, { language, htmlLang }]) => (
            <option key={key} value={key} lang={htmlLang}>
              {language}
            </option>
          ))}
        </select>
        <select
          aria-label={words.theme}
          value={settings.theme}
          onChange={(event) => settings.choose({ theme: event.currentTarget.value as Theme })}
        >
          {THEMES.map((theme) => (
            <option key={theme} value={theme}>
              {words.themes[theme]}
            </option>
          ))}
        </select>
      </fieldset>
    </header>
  );
}
