// What a reading's views have in common: whose film it is and when it was taken.
import type { KeyedStudy } from '#kernel/study.ts';
import type { Reading } from '#kernel/finding.ts';
import { localDateTime } from './view-context.ts';

/** A study without patient ID is a person of its own. */
export const patientOf = ({ patient, patientKey }: KeyedStudy): string => patient.id ?? patientKey;

/** When the film was taken; where it does not say, when it was read. */
export const effectiveTime = ({ readAt }: Pick<Reading, 'readAt'>, { studyTime }: KeyedStudy): string =>
  localDateTime(studyTime) ?? readAt;
