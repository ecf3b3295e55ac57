// First read, then reveal: where the site asks for it, a reader notes what the film shows before the model's opinion can sway the eye.
import { signal } from '@preact/signals';
import type { Study } from '#client/client.ts';
import { headOf, headsOf } from '#web/pages/shell/heads.ts';
import { settings } from '#web/pages/shell/settings.ts';
import { both, say } from '#web/pages/shell/words.ts';
import { isUnanswered, sayOpinion, type StudyState } from './study-state.ts';
import { StudyFacts } from './study-facts.tsx';

const STORED = 'haidang-revealed';

const revealed = signal<ReadonlySet<string>>(new Set(JSON.parse(sessionStorage.getItem(STORED) ?? '[]')));

function reveal(uid: string): void {
  revealed.value = new Set([...revealed.value, uid]);
  sessionStorage.setItem(STORED, JSON.stringify([...revealed.value]));
}

/** A film that was not assessed has nothing to hide, and a study that is done was read. */
export const isPreReadShown = (study: Study | undefined): boolean =>
  !settings.value.firstRead ||
  study === undefined ||
  study.reading?.outcome !== 'assessed' ||
  study.closedAt !== null ||
  revealed.value.has(study.studyUid);

export function FirstRead({ state, study }: { readonly state: StudyState; readonly study: Study }) {
  const from = study.reading?.provenance;
  const said = state.opinions.value.filter(({ present }) => present).map(({ findingCode }) => findingCode);
  const titleOf = (code: string): string => both(headOf(from, code)?.title ?? { vi: code, en: code });
  const isGrave = state.alerts.value.some((alert) => alert.severity === 'critical' && isUnanswered(alert));
  return (
    <aside class="panel" aria-label={say('first-read.title')} data-first-read="waiting">
      <section>
        <h2>{say('first-read.title')}</h2>
        <p>{say('first-read.text')}</p>
        {isGrave && <p class="place critical wrap">▲▲ {say('first-read.urgent')}</p>}
        <label class="add-finding">
          <span>{say('finding')}</span>{' '}
          <select
            id="first-finding"
            onChange={({ currentTarget }) => {
              const { value } = currentTarget;
              currentTarget.value = '';
              if (value !== '') void sayOpinion(state, value, true);
            }}
          >
            <option value="">{say('choose')}</option>
            {headsOf(from)
              .filter(({ code, explains }) => explains && !said.includes(code))
              .map(({ code, title }) => (
                <option key={code} value={code}>
                  {both(title)}
                </option>
              ))}
          </select>
        </label>
        <p class="small">
          {said.length === 0
            ? say('first-read.nothing')
            : say('first-read.noted', { findings: said.map(titleOf).join(', ') })}
        </p>
        <button type="button" class="main" id="reveal" onClick={() => reveal(study.studyUid)}>
          {say('first-read.reveal')}
        </button>
      </section>
      <StudyFacts study={study} />
    </aside>
  );
}
