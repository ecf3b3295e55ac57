// Yes and no: words and signs as laboratories write them, LOINC answers, SNOMED CT qualifiers. "Unknown" is in neither list.
import type { AnswerSet } from './answer-set.ts';

export const YES_NO: AnswerSet = {
  name: 'yes_no',
  questions: {},
  answers: [
    {
      states: { yes: true },
      words: ['yes', 'y', 'true', '1', 'có', 'positive', 'pos', '+', 'dương tính', 'dương'],
      codes: {
        'hl7-0136': ['Y'],
        loinc: ['LA33-6', 'LA6576-8', 'LA9633-4'], // Yes, Positive, Present
        snomed: ['373066001', '10828004', '260373001', '52101004'], // Yes, Positive, Detected, Present
      },
    },
    {
      states: { yes: false },
      words: ['no', 'n', 'false', '0', 'không', 'negative', 'neg', '-', 'âm tính', 'âm'],
      codes: {
        'hl7-0136': ['N'],
        loinc: ['LA32-8', 'LA6577-6', 'LA9634-2'], // No, Negative, Absent
        snomed: ['373067005', '260385009', '260415000', '2667000'], // No, Negative, Not detected, Absent
      },
    },
  ],
};
