// A study as JSON of our own door, with the same fields everywhere; an absent field is null.
import { z } from 'zod';
import type { StudyFacts } from '#kernel/study.ts';

/** To be spread into a strict object. */
export const studyFactsShape = {
  studyUid: z.string(),
  patient: z.strictObject({
    id: z.string().nullable(),
    name: z.string().nullable(),
    birthDate: z.string().nullable(),
    sex: z.string().nullable(),
  }),
  ageYears: z.number().nullable(),
  accessionNumber: z.string().nullable(),
  studyTime: z.string().nullable(),
  modality: z.string().nullable(),
  description: z.string().nullable(),
  notForClinicalUse: z.boolean(),
  receivedAt: z.string(),
  openedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
};

export const studyFactsView = ({ patient, ...study }: StudyFacts) => ({
  studyUid: study.studyUid,
  patient: {
    id: patient.id ?? null,
    name: patient.name ?? null,
    birthDate: patient.birthDate ?? null,
    sex: patient.sex ?? null,
  },
  ageYears: study.ageYears ?? null,
  accessionNumber: study.accessionNumber ?? null,
  studyTime: study.studyTime ?? null,
  modality: study.modality ?? null,
  description: study.description ?? null,
  notForClinicalUse: study.notForClinicalUse,
  receivedAt: study.receivedAt,
  openedAt: study.openedAt ?? null,
  closedAt: study.closedAt ?? null,
});
