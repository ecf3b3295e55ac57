// Common part of a reading's FHIR views: the patient, the film, and the time of exposure.
import type { KeyedStudy } from '#kernel/study.ts';
import type { Reading } from '#kernel/finding.ts';
import { localDateTime } from './view-context.ts';

/** A study without patient ID is a person of its own. */
export const patientOf = ({ patient, patientKey }: KeyedStudy): string => patient.id ?? patientKey;

/** When the film was taken; where it does not say, when it was read. */
export const effectiveTime = ({ readAt }: Pick<Reading, 'readAt'>, { studyTime }: KeyedStudy): string =>
  localDateTime(studyTime) ?? readAt;
