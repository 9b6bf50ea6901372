/** For who sees this for the first time: what it is, and three things to try, ticked off as they happen. */
import { usePage } from './context.js';

export function Intro() {
  const { dashboard, settings, words } = usePage();
  const { chain, peers, pending, stories } = dashboard;
  if (settings.introduced || chain.length === 0) return null;
  const { title, text, steps, tryIt, explain, gotIt } = words.intro;
  return (
    <section class="intro" aria-labelledby="intro-title">
      <div class="intro-text">
        <h2 id="intro-title">{title}</h2>
        <p>{text}</p>
        <p class="intro-buttons">
          <button
            type="button"
            class="primary"
            onClick={() => settings.choose({ explain: true, introduced: true })}
          >
            {explain}
          </button>
          <button type="button" onClick={() => settings.choose({ introduced: true })}>
            {gotIt}
          </button>
        </p>
      </div>
      <ol class="steps" aria-label={tryIt}>
        <Step text={steps.send} done={pending.size > 0 || !stories.isEmpty} />
        <Step text={steps.mine} done={chain.length > 1} />
        <Step text={steps.meet} done={peers.length > 0} />
      </ol>
    </section>
  );
}

function Step({ text, done }: { text: string; done: boolean }) {
  const { words } = usePage();
  return (
    <li class={done ? 'done' : ''}>
      {text} {done && <span class="unseen">({words.intro.done})</span>}
    </li>
  );
}
