// Pregnancy status, as US Core and the International Patient Summary code it: LOINC's answers and SNOMED CT. An answer
// ends by itself: from the last period to the latest delivery at term.
import type { AnswerSet } from './answer-set.ts';
import { PREGNANCY } from '#terminology/value-sets/snomed/pregnancy.ts';

export const PREGNANCY_DAYS = 42 * 7;

export const PREGNANCY_STATUS: AnswerSet = {
  name: 'pregnancy_status',
  questions: { loinc: ['82810-3'] },
  validDays: PREGNANCY_DAYS,
  answers: [
    {
      states: { pregnancy: true },
      words: ['pregnant', 'có thai', 'mang thai'],
      codes: { loinc: ['LA15173-0'], snomed: PREGNANCY },
    },
    {
      states: { pregnancy: false },
      words: ['not pregnant', 'không có thai', 'không mang thai'],
      codes: { loinc: ['LA26683-5'], snomed: ['60001007'] },
    },
    { states: {}, words: ['unknown'], codes: { loinc: ['LA4489-6'], snomed: ['261665006', '152231000119106'] } }, // Unknown, not yet confirmed
  ],
};
