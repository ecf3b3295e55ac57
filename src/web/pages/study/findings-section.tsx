// Findings of the model with thresholds and the state of each map, and the reader's verdict on each: one key each.
import type { Reading } from '#client/client.ts';
import { type Head, headOf, headsOf, modelsMissing } from '#web/pages/shell/heads.ts';
import { SIGNS } from '#web/pages/shell/person.ts';
import { both, percent, say } from '#web/pages/shell/words.ts';
import { inOrder, urgencyOf } from './finding-order.ts';
import { type Maps, mapStateOf } from './maps.ts';
import { type Finding, sayOpinion, type StudyState } from './study-state.ts';

interface SectionProps {
  readonly state: StudyState;
  readonly reading: Reading;
  readonly maps: Maps;
}

/** Undecided findings that stand open; what is critical always does. */
const OPEN_UNDECIDED = 3;

const signOf = (head: Head | undefined): string =>
  head?.priority === 'critical' || head?.priority === 'urgent' ? SIGNS[head.priority] : '';

function Bar({ probability, head }: { readonly probability: number; readonly head: Head | undefined }) {
  return (
    <div class="bar" aria-hidden="true">
      <i style={{ width: `${probability * 100}%` }} />
      {head && <b style={{ left: `${head.negativeTo * 100}%` }} />}
      {head && <b style={{ left: `${head.positiveFrom * 100}%` }} />}
    </div>
  );
}

function MapButton({
  finding,
  reading,
  maps,
  place,
}: Omit<SectionProps, 'state'> & { finding: Finding; place: number }) {
  const state = mapStateOf(finding, maps);
  const { heatmap, code } = finding;
  if (state === 'none') return null;
  if (state === 'hidden' || state === 'checking' || (state === 'failed' && heatmap?.state === 'failed'))
    return (
      <span class="quiet small" title={heatmap?.reason ? both(heatmap.reason.text) : undefined}>
        {say(`map.${state}`)}
      </span>
    );
  return (
    <>
      <button
        type="button"
        class="small"
        aria-pressed={state === 'shown'}
        onClick={() => void maps.toggle(reading.id, code)}
      >
        {say(state === 'shown' ? 'map.hide' : state === 'loading' ? 'map.loading' : 'map.show')}
        {place < 9 && <kbd> {place + 1}</kbd>}
      </button>
      {state === 'failed' && (
        <span class="fault small" role="alert">
          {say('map.not-come')}
        </span>
      )}
    </>
  );
}

function Answer({ state, code }: { readonly state: StudyState; readonly code: string }) {
  const opinion = state.opinions.value.find(({ findingCode }) => findingCode === code);
  const pressed = (present: boolean): boolean => opinion?.present === present;
  const toggle = (present: boolean) => () => void sayOpinion(state, code, pressed(present) ? undefined : present);
  return (
    <span class="answer">
      <button
        type="button"
        class="small"
        aria-pressed={pressed(true)}
        title={say('agree')}
        aria-label={say('agree')}
        onClick={toggle(true)}
      >
        ✓
      </button>
      <button
        type="button"
        class="small"
        aria-pressed={pressed(false)}
        title={say('disagree')}
        aria-label={say('disagree')}
        onClick={toggle(false)}
      >
        ✗
      </button>
    </span>
  );
}

interface FindingProps extends SectionProps {
  readonly finding: Finding;
  readonly place: number;
}

function FindingLine({ state, reading, maps, finding, place }: FindingProps) {
  const { code, probability, decision, prevalence, beyondCalibration, heatmap } = finding;
  const head = headOf(reading.provenance, code);
  const opinion = state.opinions.value.find(({ findingCode }) => findingCode === code);
  const map = mapStateOf(finding, maps);
  const denied = opinion?.present === false;
  const toggleMap = (): void => {
    if (heatmap?.state === 'available') void maps.toggle(reading.id, code);
  };
  return (
    <div
      class={`finding ${decision} ${urgencyOf(head)} ${denied ? 'denied' : ''}`}
      data-finding={code}
      data-decision={decision}
      data-map={map === 'loading' ? 'available' : map}
      tabIndex={0}
      onClick={({ target }) => {
        if (target instanceof Element && target.closest('button') === null && getSelection()?.isCollapsed !== false)
          toggleMap();
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') toggleMap();
        else if (event.key === 'y') void sayOpinion(state, code, true);
        else if (event.key === 'x') void sayOpinion(state, code, false);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="line">
        <span class="name">
          <span aria-hidden="true">{signOf(head)} </span>
          {denied ? <s>{head ? both(head.title) : code}</s> : head ? both(head.title) : code}
        </span>
        <span class="number strong">{percent(probability)}</span>
        <span class={`decision ${decision}`}>{say(`decision.${decision}`)}</span>
        <Answer state={state} code={code} />
      </div>
      <div class="line under">
        <Bar probability={probability} head={head} />
        <span class="quiet small number">
          {head ? say('threshold', { share: percent(head.positiveFrom) }) : ''}
          {prevalence !== null && ` · ${say('prevalence', { share: percent(prevalence) })}`}
        </span>
        <MapButton finding={finding} reading={reading} maps={maps} place={place} />
      </div>
      {beyondCalibration && (
        <div class="caution small" data-caution={code}>
          ⚠ {say('caution.beyond')}
        </div>
      )}
      {heatmap?.reason && map !== 'shown' && <div class="quiet small">{both(heatmap.reason.text)}</div>}
      {opinion && (
        <div class="small opinion">
          {say(opinion.present ? 'said.present' : 'said.absent')} · {opinion.saidBy}
        </div>
      )}
    </div>
  );
}

/** In the order in which the number keys show their maps. */
export const mappable = (reading: Reading): readonly Finding[] =>
  inOrder(reading.findings, (code) => headOf(reading.provenance, code)).filter(
    ({ heatmap }) => heatmap?.state === 'available',
  );

function AddFinding({ state, reading }: Pick<SectionProps, 'state' | 'reading'>) {
  const said = new Set(state.opinions.value.filter(({ present }) => present).map(({ findingCode }) => findingCode));
  const shown = new Set(reading.findings.filter(({ decision }) => decision === 'positive').map(({ code }) => code));
  const open = headsOf(reading.provenance).filter(
    ({ code, explains }) => explains && !said.has(code) && !shown.has(code),
  );
  if (open.length === 0) return null;
  return (
    <label class="add-finding small">
      <span>{say('add-finding')}</span>{' '}
      <select
        id="add-finding"
        value=""
        onChange={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.value = '';
          if (value !== '') void sayOpinion(state, value, true);
        }}
      >
        <option value="">{say('choose')}</option>
        {open.map(({ code, title }) => (
          <option key={code} value={code}>
            {both(title)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function FindingsSection({ state, reading, maps }: SectionProps) {
  const findings = inOrder(reading.findings, (code) => headOf(reading.provenance, code));
  if (findings.length === 0) return null;
  const places = new Map(mappable(reading).map(({ code }, place) => [code, place]));
  const line = (finding: Finding) => (
    <FindingLine
      key={finding.code}
      state={state}
      reading={reading}
      maps={maps}
      finding={finding}
      place={places.get(finding.code) ?? Infinity}
    />
  );
  const isSaid = ({ code }: Finding): boolean => state.opinions.value.some(({ findingCode }) => findingCode === code);
  const positive = findings.filter((finding) => finding.decision === 'positive' || isSaid(finding));
  const undecided = findings.filter((finding) => finding.decision === 'indeterminate' && !isSaid(finding));
  const negative = findings.filter((finding) => finding.decision === 'negative' && !isSaid(finding));
  const isCritical = ({ code }: Finding): boolean => headOf(reading.provenance, code)?.priority === 'critical';
  const open = undecided.filter((finding, place) => place < OPEN_UNDECIDED || isCritical(finding));
  const folded = undecided.filter((finding) => !open.includes(finding));
  return (
    <section aria-label={say('findings')}>
      <h2>{say('findings')}</h2>
      {modelsMissing.value && <p class="quiet small">{say('thresholds-missing')}</p>}
      {[...positive, ...open].map(line)}
      {folded.length > 0 && (
        <details>
          <summary>{say('undecided-more', { n: folded.length })}</summary>
          {folded.map(line)}
        </details>
      )}
      {negative.length > 0 && (
        <details>
          <summary>{say('negatives', { n: negative.length })}</summary>
          {negative.map(line)}
        </details>
      )}
      <AddFinding state={state} reading={reading} />
      <p class="quiet small">{say('bar-help')}</p>
    </section>
  );
}
