// The study page: the film, what the model says and how sure it is, its alerts above the fold, and what the reader does about them.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Study } from '#client/client.ts';
import { usePageKeys } from '#web/pages/shell/keys.tsx';
import { nameOf, patientAddress, personOf, studyAddress } from '#web/pages/shell/person.ts';
import { follow, go } from '#web/pages/shell/router.ts';
import { tellFault } from '#web/pages/shell/notices.tsx';
import { v1 } from '#web/pages/shell/api.ts';
import { Thumb } from '#web/pages/shell/thumb.tsx';
import { say } from '#web/pages/shell/words.ts';
import { type FilmControl, FilmViewer } from '#web/pages/viewer/film-viewer.tsx';
import { neighboursOf } from '#web/pages/worklist/worklist-state.ts';
import { AlertCard } from './alert-card.tsx';
import { CloseButton, CloseQuestion } from './closing.tsx';
import { FindingsSection } from './findings-section.tsx';
import { FirstRead, isPreReadShown } from './first-read.tsx';
import { MapLegend } from './map-legend.tsx';
import { isShown, type Maps, openMaps } from './maps.ts';
import { type EarlierFilms, PriorBar, PriorFilm, titleBesidePrior, useEarlierFilms } from './prior.tsx';
import { ReportDraft } from './report-draft.tsx';
import { SimilarSection } from './similar-section.tsx';
import { Provenance, StudyFacts } from './study-facts.tsx';
import { studyKeys } from './study-keys.ts';
import { isUnanswered, markOpened, openStudyState, type StudyState } from './study-state.ts';
import { Verdict } from './verdict.tsx';

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
          <Thumb key={image.sopInstanceUid} uid={image.sopInstanceUid} size={96} />
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
      {reading && <ReportDraft reading={reading} opinions={state.opinions.value} />}
      {reading && <Provenance reading={reading} />}
    </aside>
  );
}

function Missing({ state }: { readonly state: StudyState }) {
  return (
    <main class="state" data-study-uid={state.uid}>
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
}

interface FilmSideProps {
  readonly study: Study;
  readonly parts: ReturnType<typeof useStudy>;
  readonly films: EarlierFilms;
  readonly isRevealed: boolean;
  control(control: FilmControl): void;
}

function FilmSide({ study, parts, films, isRevealed, control }: FilmSideProps) {
  const { maps, chosen, opacity } = parts;
  const image = study.images[chosen.value ?? firstImage(study)];
  // A map belongs to the image that was read.
  const isRead = image !== undefined && study.reading?.sopInstanceUids.includes(image.sopInstanceUid) === true;
  const shown = isRevealed ? [...maps.shown.value.values()].filter(isShown) : [];
  return (
    <div class="film-side">
      <PriorBar films={films} study={study} isRevealed={isRevealed} />
      <div class={`films-beside ${films.chosen.value === undefined ? '' : 'two'}`}>
        {image && (
          <FilmViewer
            image={image}
            maps={isRead ? shown : []}
            opacity={opacity.value}
            heat={maps.heat.value}
            notForClinicalUse={study.notForClinicalUse}
            {...(films.chosen.value !== undefined && films.isLinked.value && { link: films.place })}
            {...titleBesidePrior(study, films)}
            control={control}
          />
        )}
        <PriorFilm films={films} study={study} />
      </div>
      {shown.length > 0 && study.reading && (
        <MapLegend maps={maps} opacity={opacity} reading={study.reading} isOnFilm={isRead} />
      )}
      <Images study={study} chosen={chosen} />
    </div>
  );
}

export function StudyPage({ name: uid }: { readonly name: string }) {
  const parts = useStudy(uid);
  const { state, maps } = parts;
  const film = useRef<FilmControl | undefined>(undefined);
  const study = state.study.value;
  const films = useEarlierFilms(study);
  const isRevealed = isPreReadShown(study);
  usePageKeys(studyKeys({ state, maps, films, isRevealed, film: () => film.current }));
  useEffect(() => {
    document.title = study ? `${nameOf(study)} – Hải Đăng` : 'Hải Đăng';
  }, [study]);
  if (study === undefined) return <Missing state={state} />;
  return (
    <main class="study" data-study-uid={uid} data-outcome={study.reading?.outcome ?? 'unread'}>
      <StudyBar state={state} />
      <div class="reading">
        <FilmSide
          study={study}
          parts={parts}
          films={films}
          isRevealed={isRevealed}
          control={(control) => {
            film.current = control;
          }}
        />
        {isRevealed ? <Panel state={state} maps={maps} /> : <FirstRead state={state} study={study} />}
      </div>
      <CloseQuestion state={state} />
    </main>
  );
}
