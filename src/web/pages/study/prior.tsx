// An earlier film of the same person beside the one that is read: looked at only, so nothing of its study is opened or marked.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Study, WorklistRow } from '#client/client.ts';
import { v1 } from '#web/pages/shell/api.ts';
import { tellFault } from '#web/pages/shell/notices.tsx';
import { say, time } from '#web/pages/shell/words.ts';
import { FilmViewer } from '#web/pages/viewer/film-viewer.tsx';
import type { SharedPlace } from '#web/pages/viewer/placement.ts';

export interface Priors {
  /** Of this person, taken before this study, the newest first. */
  readonly films: Signal<readonly WorklistRow[]>;
  readonly chosen: Signal<Study | undefined>;
  readonly isLinked: Signal<boolean>;
  readonly place: Signal<SharedPlace | undefined>;
  choose(uid: string | undefined): Promise<void>;
}

const MOST = 50;

const takenAt = ({ studyTime, receivedAt }: Pick<Study, 'studyTime' | 'receivedAt'>): string => studyTime ?? receivedAt;

async function earlierFilms(study: Study): Promise<readonly WorklistRow[]> {
  if (study.patient.id === null) return [];
  const { data } = await v1.getWorklistRows({ state: 'all', patientId: study.patient.id, limit: String(MOST) });
  return data.items
    .filter((row) => row.studyUid !== study.studyUid && row.film !== null && takenAt(row) < takenAt(study))
    .toSorted((a, b) => takenAt(b).localeCompare(takenAt(a)));
}

export function usePriors(study: Study | undefined): Priors {
  const uid = study?.studyUid;
  const priors = useMemo(() => {
    const chosen = signal<Study | undefined>(undefined);
    const place = signal<SharedPlace | undefined>(undefined);
    return {
      films: signal<readonly WorklistRow[]>([]),
      chosen,
      isLinked: signal(true),
      place,
      async choose(prior: string | undefined) {
        place.value = undefined;
        if (prior === undefined) {
          chosen.value = undefined;
          return;
        }
        try {
          chosen.value = (await v1.getStudy(prior)).data;
        } catch (thrown) {
          tellFault(thrown);
        }
      },
    };
  }, [uid]);
  useEffect(() => {
    if (study === undefined) return;
    // Without a list of earlier films the study can still be read.
    earlierFilms(study).then(
      (films) => (priors.films.value = films),
      () => undefined,
    );
  }, [priors]);
  return priors;
}

export const togglePrior = ({ films, chosen, choose }: Priors): void =>
  void choose(chosen.value === undefined ? films.value[0]?.studyUid : undefined);

export function PriorBar({ priors }: { readonly priors: Priors }) {
  const { films, chosen, isLinked, choose } = priors;
  const { value: shown } = chosen;
  if (films.value.length === 0) return null;
  return (
    <div class="prior-bar small" data-priors={films.value.length}>
      <button type="button" aria-pressed={shown !== undefined} onClick={() => togglePrior(priors)}>
        {say(shown === undefined ? 'prior.show' : 'prior.hide')} <kbd>B</kbd>
      </button>
      {shown && (
        <>
          <select
            aria-label={say('prior.choose')}
            value={shown.studyUid}
            onChange={({ currentTarget }) => void choose(currentTarget.value)}
          >
            {films.value.map((row) => (
              <option key={row.studyUid} value={row.studyUid}>
                {time(takenAt(row))} {row.description ?? ''}
              </option>
            ))}
          </select>
          <label>
            <input type="checkbox" checked={isLinked.value} onChange={() => (isLinked.value = !isLinked.value)} />{' '}
            {say('prior.linked')}
          </label>
        </>
      )}
    </div>
  );
}

export function PriorFilm({ priors }: { readonly priors: Priors }) {
  const study = priors.chosen.value;
  const [image] = study?.images ?? [];
  if (study === undefined || image === undefined) return null;
  return (
    <FilmViewer
      key={study.studyUid}
      image={image}
      maps={[]}
      opacity={1}
      heat={false}
      notForClinicalUse={study.notForClinicalUse}
      {...(priors.isLinked.value && { link: priors.place })}
      title={say('prior.then', { time: time(takenAt(study)) })}
      control={() => undefined}
    />
  );
}

export const titleBesidePrior = (study: Study, { chosen }: Priors) =>
  chosen.value === undefined ? {} : { title: say('prior.now', { time: time(takenAt(study)) }) };
