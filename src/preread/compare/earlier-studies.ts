// Earlier films of the same person in our own store, newest first; what has the same patient ID but contradicts the person is held back and says so.
import type { Reason } from '#kernel/finding.ts';
import { localIso } from '#kernel/local-time.ts';
import type { FindQuery, Found } from '#kernel/record-search.ts';
import type { StoredInstance, StoredStudy } from '#kernel/stored-study.ts';
import type { PatientFacts } from '#kernel/study.ts';
import { reason } from '#preread/gate/reasons.ts';

/** The person stands at the study. */
export type EarlierImage = Omit<StoredInstance, 'patient' | 'receivedAt'>;

export interface EarlierStudy {
  readonly study: Omit<StoredStudy, 'instances'>;
  readonly instances: readonly EarlierImage[];
}

export interface StudySearch {
  readonly find: { studies(query: FindQuery): Promise<readonly Found<EarlierStudy>[]> };
}

export interface Withheld {
  readonly studyUid: string;
  readonly reason: Reason;
}

export interface EarlierStudies {
  readonly earlier: readonly EarlierStudy[];
  readonly withheld: readonly Withheld[];
}

/** Local, without a zone; a date alone is its midnight. Where the sender gave no time, the film is as old as its arrival. */
export const takenAt = ({ studyTime, receivedAt }: Pick<StoredStudy, 'studyTime' | 'receivedAt'>): string =>
  (studyTime === undefined ? localIso(new Date(receivedAt)) : `${studyTime}T00:00:00`).slice(0, 19);

const contradicts = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;

/** A patient ID alone is given twice in the world; a second mark of the person must not speak against it. */
export const isOther = (a: PatientFacts, b: PatientFacts): boolean =>
  contradicts(a.birthDate, b.birthDate) || contradicts(a.sex, b.sex);

/** Beyond these the oldest are not looked at. */
const MOST_STUDIES = 200;

export async function earlierStudies(study: StoredStudy, { find }: StudySearch): Promise<EarlierStudies> {
  const { id } = study.patient;
  if (id === undefined) return { earlier: [], withheld: [] };
  const found = await find.studies({
    patients: [id],
    sort: { by: 'time', descending: true },
    limit: MOST_STUDIES,
  });
  const at = takenAt(study);
  const before = found
    .map(({ item }) => item)
    .filter(({ study: other, instances }) => {
      if (other.studyUid === study.studyUid || instances.length === 0) return false;
      const then = takenAt(other);
      return then < at || (then === at && other.receivedAt < study.receivedAt);
    })
    .toSorted((a, b) => (takenAt(a.study) < takenAt(b.study) ? 1 : -1));
  const others = before.filter(({ study: other }) => isOther(other.patient, study.patient));
  return {
    earlier: before.filter((each) => !others.includes(each)),
    withheld: others.map(({ study: { studyUid } }) => ({ studyUid, reason: reason('prior-other-person') })),
  };
}
