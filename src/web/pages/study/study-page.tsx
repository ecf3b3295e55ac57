// The study page: the film, what the model says and how sure it is, its alerts above the fold, and what the reader does about them.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Reading, Study } from '#client/client.ts';
import { type Key, usePageKeys } from '#web/pages/shell/keys.tsx';
import { filmAddress, nameOf, patientAddress, personOf, studyAddress } from '#web/pages/shell/person.ts';
import { PlaceTag } from '#web/pages/shell/place-tag.tsx';
import { follow, go } from '#web/pages/shell/router.ts';
import { tellFault } from '#web/pages/shell/notices.tsx';
import { v1 } from '#web/pages/shell/api.ts';
import { both, percent, say } from '#web/pages/shell/words.ts';
import { type FilmControl, FilmViewer } from '#web/pages/viewer/film-viewer.tsx';
import { neighboursOf } from '#web/pages/worklist/worklist-state.ts';
import { acknowledge, AlertCard } from './alert-card.tsx';
import { CloseButton, CloseQuestion } from './closing.tsx';
import { FindingsSection, mappable } from './findings-section.tsx';
import { type Maps, openMaps } from './maps.ts';
import { SimilarSection } from './similar-section.tsx';
import { Provenance, ReportDraft, StudyFacts } from './study-facts.tsx';
import { isUnanswered, markOpened, openStudyState, type StudyState } from './study-state.ts';

const backToList = (): void => go(`/${sessionStorage.getItem('haidang-list') ?? ''}`);

function Verdict({ study, reading }: { readonly study: Study; readonly reading: Reading | null }) {
  const { progress } = study;
  if (progress.state === 'retrying')
    return (
      <section class="unread">
        <strong>↻ {say('retrying', { n: progress.attempt })}</strong> {progress.reason && both(progress.reason.text)}
      </section>
    );
  if (reading === null)
    return (
      <section class={progress.state === 'failed' ? 'unread' : 'quiet'}>
        <strong>
          {progress.state === 'failed'
            ? `? ${say('outcome.failed')}`
            : say(progress.state === 'running' ? 'running' : 'waiting')}
        </strong>{' '}
        {progress.reason && both(progress.reason.text)}
      </section>
    );
  if (reading.outcome !== 'assessed')
    return (
      <section class="unread">
        <strong>? {say(`outcome.${reading.outcome}`)}</strong>
        <ul>
          {reading.reasons.map(({ code, text }) => (
            <li key={code}>{both(text)}</li>
          ))}
        </ul>
      </section>
    );
  const [top] = reading.findings
    .filter(({ decision }) => decision === 'positive')
    .toSorted((a, b) => b.probability - a.probability);
  return (
    <section class="verdict">
      <div class="line">
        <PlaceTag place={reading.priority} />
        {top && <span class="number quiet">{say('highest', { share: percent(top.probability) })}</span>}
      </div>
      {/* Beside the numbers, not below them: what makes them less sure. */}
      {reading.reasons.map(({ code, text }) => (
        <p key={code} class="caution">
          ⚠ {both(text)}
        </p>
      ))}
    </section>
  );
}

function Images({ study, chosen }: { readonly study: Study; readonly chosen: Signal<number | undefined> }) {
  if (study.images.length < 2) return null;
  const read = new Set(study.reading?.sopInstanceUids);
  return (
    <div class="images" role="group" aria-label={say('images')}>
      {study.images.map((image, at) => (
        <button
          key={image.sopInstanceUid}
          type="button"
          aria-pressed={(chosen.value ?? firstImage(study)) === at}
          data-image={at + 1}
          onClick={() => (chosen.value = at)}
        >
          <img src={filmAddress(image.sopInstanceUid, 96)} alt="" />
          {at + 1} {image.view ?? ''} {read.has(image.sopInstanceUid) && <span class="small">{say('image.read')}</span>}
        </button>
      ))}
    </div>
  );
}

function useStudy(uid: string) {
  const parts = useMemo(
    () => ({
      state: openStudyState(uid),
      maps: openMaps(),
      chosen: signal<number | undefined>(undefined),
      opacity: signal(0.75),
    }),
    [uid],
  );
  useEffect(() => {
    void parts.state.refresh().then(() => {
      if (parts.state.study.value !== undefined) void markOpened(parts.state);
    });
    return () => parts.state.close();
  }, [parts]);
  return parts;
}

/** The image that was read comes first. */
const firstImage = (study: Study): number =>
  Math.max(
    0,
    study.images.findIndex(({ sopInstanceUid }) => study.reading?.sopInstanceUids.includes(sopInstanceUid)),
  );

function keysOf(state: StudyState, maps: Maps, film: () => FilmControl | undefined): readonly Key[] {
  const { previous, next } = neighboursOf(state.uid);
  const reading = state.study.value?.reading ?? undefined;
  const withMap = reading === undefined ? [] : mappable(reading);
  const open = (uid: string | undefined) => () => {
    if (uid !== undefined) go(studyAddress(uid));
  };
  const acknowledgeFirst = (): void => {
    const alert = state.alerts.value.find(isUnanswered);
    if (alert) void acknowledge({ alert, reasons: state.reasons.value, refresh: state.refresh });
  };
  return [
    { key: 'Escape', label: 'key.list', run: backToList },
    { key: 'n', label: 'key.next-study', run: open(next) },
    { key: 'p', label: 'key.previous-study', run: open(previous) },
    { key: 'a', label: 'acknowledge', run: acknowledgeFirst },
    ...withMap.slice(0, 9).map(({ code }, at) => ({
      key: String(at + 1),
      label: 'key.map' as const,
      run: () => void (reading && maps.toggle(reading.id, code)),
    })),
    { key: 'h', label: 'key.no-maps', run: maps.clear },
    { key: 'w', label: 'tool.window', run: () => film()?.choose('window') },
    { key: 'd', label: 'tool.distance', run: () => film()?.choose('distance') },
    { key: 'm', label: 'tool.magnifier', run: () => film()?.choose('magnifier') },
    { key: '+', label: 'tool.in', run: () => film()?.zoom(1.25) },
    { key: '-', label: 'tool.out', run: () => film()?.zoom(0.8) },
    { key: 'f', label: 'tool.fit', run: () => film()?.fit() },
    { key: 'o', label: 'tool.actual', run: () => film()?.actual() },
    { key: 't', label: 'tool.turn', run: () => film()?.turn() },
    { key: 'i', label: 'tool.invert', run: () => film()?.invert() },
    { key: '0', label: 'tool.reset', run: () => film()?.reset() },
  ];
}

function StudyBar({ state }: { readonly state: StudyState }) {
  const study = state.study.value;
  const { previous, next } = neighboursOf(state.uid);
  const step = (uid: string | undefined, sign: string, word: 'key.previous-study' | 'key.next-study') => (
    <button
      type="button"
      disabled={uid === undefined}
      aria-label={say(word)}
      title={say(word)}
      onClick={() => uid && go(studyAddress(uid))}
    >
      {sign}
    </button>
  );
  return (
    <div class="study-bar">
      <a href={`/${sessionStorage.getItem('haidang-list') ?? ''}`} onClick={follow}>
        ← {say('page.worklist')}
      </a>
      {step(previous, '‹', 'key.previous-study')}
      {step(next, '›', 'key.next-study')}
      {study && (
        <h1>
          {study.patient.id === null ? (
            nameOf(study)
          ) : (
            <a href={patientAddress(study.patient.id)} onClick={follow}>
              {nameOf(study)}
            </a>
          )}{' '}
          <span class="quiet">{personOf(study)}</span>
        </h1>
      )}
      <span class="grow" />
      {study?.closedAt && <span class="tag">✓ {say('closed')}</span>}
      {study && (
        <button
          type="button"
          onClick={() =>
            void v1
              .requestReading(state.uid)
              .then(() => state.refresh())
              .catch(tellFault)
          }
        >
          {say('reread')}
        </button>
      )}
      <CloseButton state={state} />
    </div>
  );
}

function Panel({ state, maps }: { readonly state: StudyState; readonly maps: Maps }) {
  const study = state.study.value;
  if (study === undefined) return null;
  const { reading } = study;
  const alerts = state.alerts.value.toSorted((a, b) => Number(isUnanswered(b)) - Number(isUnanswered(a)));
  return (
    <aside class="panel" aria-label={say('preread')}>
      {state.fault.value !== undefined && (
        <p class="fault" role="alert">
          {state.fault.value} {say('stale-study')}
        </p>
      )}
      <Verdict study={study} reading={reading} />
      {alerts.length > 0 && (
        <section aria-label={say('page.alerts')}>
          {alerts.map((alert) => (
            <AlertCard
              key={alert.id}
              alert={alert}
              reasons={state.reasons.value}
              refresh={state.refresh}
              {...(isUnanswered(alert) && { keyName: 'A' })}
            />
          ))}
        </section>
      )}
      {reading && <FindingsSection state={state} reading={reading} maps={maps} />}
      {reading && <SimilarSection similar={state.similar.value} reading={reading} />}
      <StudyFacts study={study} />
      {reading && <ReportDraft reading={reading} />}
      {reading && <Provenance reading={reading} />}
    </aside>
  );
}

export function StudyPage({ name: uid }: { readonly name: string }) {
  const { state, maps, chosen, opacity } = useStudy(uid);
  const film = useRef<FilmControl | undefined>(undefined);
  const study = state.study.value;
  usePageKeys(keysOf(state, maps, () => film.current));
  useEffect(() => {
    document.title = study ? `${nameOf(study)} – Hải Đăng` : 'Hải Đăng';
  }, [study]);
  if (study === undefined)
    return (
      <main class="state" data-study-uid={uid}>
        {state.fault.value === undefined ? (
          <p>{say('loading')}</p>
        ) : (
          <div role="alert">
            <p>{state.fault.value}</p>
            {!state.missing.value && (
              <button type="button" onClick={() => void state.refresh()}>
                {say('retry')}
              </button>
            )}{' '}
            <a href="/" onClick={follow}>
              {say('page.worklist')}
            </a>
          </div>
        )}
      </main>
    );
  const at = chosen.value ?? firstImage(study);
  const image = study.images[at];
  // A map belongs to the image that was read.
  const isRead = image !== undefined && study.reading?.sopInstanceUids.includes(image.sopInstanceUid) === true;
  const shown = [...maps.shown.value.values()].filter((map) => map instanceof HTMLImageElement);
  return (
    <main class="study" data-study-uid={uid} data-outcome={study.reading?.outcome ?? 'unread'}>
      <StudyBar state={state} />
      <div class="reading">
        <div class="film-side">
          {image && (
            <FilmViewer
              image={image}
              maps={isRead ? shown : []}
              opacity={opacity.value}
              notForClinicalUse={study.notForClinicalUse}
              control={(control) => {
                film.current = control;
              }}
            />
          )}
          {shown.length > 0 && (
            <label class="opacity small">
              {isRead ? say('opacity') : say('map.other-image')}{' '}
              <input
                type="range"
                min="0"
                max="100"
                value={opacity.value * 100}
                onInput={(event) => (opacity.value = Number(event.currentTarget.value) / 100)}
              />
            </label>
          )}
          <Images study={study} chosen={chosen} />
        </div>
        <Panel state={state} maps={maps} />
      </div>
      <CloseQuestion state={state} />
    </main>
  );
}
