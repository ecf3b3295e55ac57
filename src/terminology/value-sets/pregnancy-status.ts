// Pregnancy status, as US Core and the International Patient Summary code it: LOINC's answers and SNOMED CT. An answer
// ends by itself: from the last period to the latest delivery at term.
import type { AnswerSet } from './answer-set.ts';
import { PREGNANCY } from '#terminology/value-sets/snomed/pregnancy.ts';

export const PREGNANCY_DAYS = 42 * 7;

export const PREGNANCY_STATUS: AnswerSet = {
  name: 'pregnancy_status',
  questions: {
    loinc: [
      '82810-3', // Pregnancy status
      '11449-6', // Pregnancy status, reported
    ],
  },
  flag: 'pregnancy',
  validDays: PREGNANCY_DAYS,
  answers: [
    {
      states: { pregnancy: true },
      words: ['pregnant', 'có thai', 'mang thai'],
      codes: { loinc: ['LA15173-0'], snomed: PREGNANCY },
    },
    {
      states: { pregnancy: false },
      words: ['not pregnant', 'không có thai', 'không mang thai', 'không thai'],
      codes: {
        loinc: ['LA26683-5'],
        snomed: ['60001007', '86569001'], // Not pregnant, postpartum state
      },
    },
    {
      states: {},
      words: ['unknown', 'possible pregnancy', 'không rõ', 'chưa rõ', 'nghi có thai'],
      codes: {
        loinc: ['LA4489-6'],
        snomed: [
          '261665006', // Unknown
          '152231000119106', // Pregnancy not yet confirmed
          '146799005', // Possible pregnancy
          '102874004', // Possible pregnancy
        ],
      },
    },
  ],
};
