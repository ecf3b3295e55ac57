// Air or oxygen, as NEWS2 asks for it: the two SNOMED CT findings of the UK's NEWS2 profiles and the ways of giving oxygen.
// A flow or a concentration says the same by its number (`risk/measure/derive.ts`).
import type { AnswerSet } from './answer-set.ts';

export const BREATHING: AnswerSet = {
  name: 'on_oxygen',
  questions: {
    loinc: ['57834-7'], // Oxygen therapy
    snomed: ['371825009'], // Patient on oxygen
  },
  flag: 'on_oxygen',
  quantities: ['oxygen_flow', 'oxygen_concentration'],
  answers: [
    {
      states: { on_oxygen: false },
      words: ['air', 'room air', 'khí trời', 'khí phòng', 'không khí'],
      codes: { snomed: ['722742002'] }, // Breathing room air
    },
    {
      states: { on_oxygen: true },
      words: ['oxygen', 'on oxygen', 'o2', 'oxy', 'thở oxy'],
      codes: {
        snomed: [
          '371825009', // Patient on oxygen
          '57485005', // Oxygen therapy
          '315041000', // High concentration oxygen therapy
          '371907003', // Oxygen administration by nasal cannula
          '371908008', // Oxygen administration by mask
        ],
      },
    },
  ],
};
