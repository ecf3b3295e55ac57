// Help: the first five minutes, the words that the pages use, the keys, and where the courses are.
import { useEffect } from 'preact/hooks';
import { follow, replace } from '#web/pages/shell/router.ts';
import { say } from '#web/pages/shell/words.ts';
import { startTour } from './tour.tsx';

const STEPS = ['help.step.order', 'help.step.open', 'help.step.findings', 'help.step.alert', 'help.step.done'] as const;

const WORDS = [
  ['word.preread', 'help.word.preread'],
  ['place', 'help.word.urgency'],
  ['outcome.not-assessed', 'help.word.not-assessed'],
  ['outcome.failed', 'help.word.failed'],
  ['decision.indeterminate', 'help.word.undecided'],
  ['finding', 'help.word.probability'],
  ['map.show', 'help.word.heatmap'],
  ['similar', 'help.word.similar'],
  ['film.preview', 'help.word.preview'],
  ['word.override', 'help.word.override'],
  ['word.escalation', 'help.word.escalation'],
  ['word.interval', 'help.word.interval'],
  ['word.refused', 'help.word.refused'],
  ['word.drift', 'help.word.drift'],
] as const;

const LIST_KEYS = [
  ['J K', 'key.next-row'],
  ['Enter', 'help.key.open'],
  ['/', 'key.search'],
  ['R', 'key.refresh'],
  ['?', 'key.sheet'],
  ['L', 'key.language'],
  ['← → Esc', 'help.tour.key'],
] as const;

const STUDY_KEYS = [
  ['1 – 9', 'key.map'],
  ['A', 'acknowledge'],
  ['Y', 'agree'],
  ['X', 'disagree'],
  ['H', 'key.no-maps'],
  ['C', 'key.heat'],
  ['B', 'key.prior'],
  ['W', 'tool.window'],
  ['G', 'key.preset'],
  ['D', 'tool.distance'],
  ['E', 'tool.angle'],
  ['U', 'tool.undo'],
  ['M', 'tool.magnifier'],
  ['F', 'tool.fit'],
  ['O', 'tool.actual'],
  ['T', 'tool.turn'],
  ['S', 'tool.flip'],
  ['I', 'tool.invert'],
  ['0', 'tool.reset'],
  ['N', 'key.next-study'],
  ['P', 'key.previous-study'],
  ['Esc', 'key.list'],
] as const;

const Keys = ({ keys }: { readonly keys: typeof LIST_KEYS | typeof STUDY_KEYS }) => (
  <dl class="keys">
    {keys.map(([key, word]) => (
      <div key={key}>
        <dt>
          <kbd>{key}</kbd>
        </dt>
        <dd>{say(word)}</dd>
      </div>
    ))}
  </dl>
);

export function HelpPage() {
  useEffect(() => {
    document.title = `${say('page.help')} – Hải Đăng`;
    if (!new URLSearchParams(location.search).has('tour')) return;
    // A reload does not begin it anew.
    replace('/help');
    void startTour();
  }, []);
  return (
    <main class="page help">
      <h1>{say('page.help')}</h1>
      <section>
        <h2>{say('help.start')}</h2>
        <p>
          <button type="button" class="main" id="start-tour" onClick={() => void startTour()}>
            {say('tour.start')}
          </button>{' '}
          <span class="quiet small">{say('tour.intro')}</span>
        </p>
        <ol>
          {STEPS.map((step) => (
            <li key={step}>{say(step)}</li>
          ))}
        </ol>
        <p>
          <a href="/" onClick={follow}>
            {say('page.worklist')}
          </a>
        </p>
      </section>
      <section>
        <h2>{say('help.words')}</h2>
        <dl class="glossary">
          {WORDS.map(([word, meaning]) => (
            <div key={word}>
              <dt>{say(word)}</dt>
              <dd>{say(meaning)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h2>{say('key.title')}</h2>
        <h3>{say('page.worklist')}</h3>
        <Keys keys={LIST_KEYS} />
        <h3>{say('study')}</h3>
        <Keys keys={STUDY_KEYS} />
      </section>
      <section>
        <h2>{say('help.limits')}</h2>
        <p>{say('device')}</p>
        <p>{say('help.limits.text')}</p>
      </section>
    </main>
  );
}
