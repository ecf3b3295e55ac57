// An earlier film of the same person beside the one that is read, and what changed since: looked at only, so nothing of its study is opened
// or marked.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Prior, Priors, Study } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { headOf } from '#web/pages/shell/heads.ts';
import { both, percent, say, time } from '#web/pages/shell/words.ts';
import { FilmViewer } from '#web/pages/viewer/film-viewer.tsx';
import type { SharedPlace } from '#web/pages/viewer/placement.ts';

export interface EarlierFilms {
  readonly found: Signal<Priors | undefined>;
  readonly chosen: Signal<Prior | undefined>;
  readonly isLinked: Signal<boolean>;
  readonly place: Signal<SharedPlace | undefined>;
  choose(uid: string | undefined): void;
}

const MOST = 20;

export function useEarlierFilms(study: Study | undefined): EarlierFilms {
  const uid = study?.studyUid;
  const readingId = study?.reading?.id;
  const films = useMemo(() => {
    const found = signal<Priors | undefined>(undefined);
    const chosen = signal<Prior | undefined>(undefined);
    const place = signal<SharedPlace | undefined>(undefined);
    return {
      found,
      chosen,
      isLinked: signal(true),
      place,
      choose(prior: string | undefined) {
        place.value = undefined;
        chosen.value = found.value?.priors.find(({ studyUid }) => studyUid === prior);
      },
    };
  }, [uid]);
  useEffect(() => {
    if (uid === undefined) return;
    // Without a list of earlier films the study can still be read.
    v1.getPriors(uid, { limit: String(MOST) }).then(
      ({ data }) => (films.found.value = data),
      () => undefined,
    );
  }, [films, readingId]);
  return films;
}

export const toggleEarlier = ({ found, chosen, choose }: EarlierFilms): void =>
  choose(chosen.value === undefined ? found.value?.priors[0]?.studyUid : undefined);

function Changes({ prior, from }: { readonly prior: Prior; readonly from: Parameters<typeof headOf>[0] }) {
  if (prior.obstacle !== null) return <span class="quiet">{both(prior.obstacle.text)}</span>;
  const changed = prior.changes.flatMap(({ finding, now, before, verdict }) => {
    if (before === null || (verdict !== 'increased' && verdict !== 'decreased')) return [];
    const title = headOf(from, finding)?.title;
    return say('prior.change', {
      finding: title ? both(title) : finding,
      before: percent(before.probability),
      now: percent(now.probability),
      verdict: say(`change.${verdict}`),
    });
  });
  return (
    <span>
      {say('prior.changed')}: {changed.length === 0 ? say('prior.no-change') : changed.join('; ')}
    </span>
  );
}

interface PriorBarProps {
  readonly films: EarlierFilms;
  readonly study: Study;
  /** Before the pre-read is revealed nothing is said of its change. */
  readonly isRevealed: boolean;
}

export function PriorBar({ films, study, isRevealed }: PriorBarProps) {
  const { found, chosen, isLinked, choose } = films;
  const { value: shown } = chosen;
  const { priors = [], withheld = [] } = found.value ?? {};
  if (priors.length === 0 && withheld.length === 0) return null;
  return (
    <div class="prior-bar small" data-priors={priors.length}>
      {priors.length > 0 && (
        <button type="button" aria-pressed={shown !== undefined} onClick={() => toggleEarlier(films)}>
          {say(shown === undefined ? 'prior.show' : 'prior.hide')} <kbd>B</kbd>
        </button>
      )}
      {withheld.length > 0 && (
        <span class="unread" title={withheld.map(({ reason }) => both(reason.text)).join(' ')}>
          ⚠ {say('prior.withheld', { n: withheld.length })}
        </span>
      )}
      {shown && (
        <>
          <select
            aria-label={say('prior.choose')}
            value={shown.studyUid}
            onChange={({ currentTarget }) => choose(currentTarget.value)}
          >
            {priors.map(({ studyUid, takenAt, daysBefore }) => (
              <option key={studyUid} value={studyUid}>
                {time(takenAt)}, {say('prior.days', { n: daysBefore })}
              </option>
            ))}
          </select>
          <label>
            <input type="checkbox" checked={isLinked.value} onChange={() => (isLinked.value = !isLinked.value)} />{' '}
            {say('prior.linked')}
          </label>
          {isRevealed && <Changes prior={shown} from={study.reading?.provenance} />}
        </>
      )}
    </div>
  );
}

export function PriorFilm({ films, study }: Pick<PriorBarProps, 'films' | 'study'>) {
  const prior = films.chosen.value;
  const image = prior?.images.find(({ sopInstanceUid }) => sopInstanceUid === prior.sopInstanceUid);
  if (prior === undefined || image === undefined) return null;
  return (
    <FilmViewer
      key={prior.sopInstanceUid}
      image={image}
      maps={[]}
      opacity={1}
      heat={false}
      notForClinicalUse={study.notForClinicalUse}
      {...(films.isLinked.value && { link: films.place })}
      title={say('prior.then', { time: time(prior.takenAt) })}
      control={() => undefined}
    />
  );
}

export const titleBesidePrior = ({ studyTime, receivedAt }: Study, { chosen }: EarlierFilms) =>
  chosen.value === undefined ? {} : { title: say('prior.now', { time: time(studyTime ?? receivedAt) }) };
