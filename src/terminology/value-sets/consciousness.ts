// Level of consciousness by ACVPU, as NEWS2 asks for it: LOINC's answers (67775-7; its own list has no "confused", so senders take LA6560-2) and the
// SNOMED CT findings of UK Core's ACVPU value set, with their neighbours. NEWS2 counts any new confusion as C, delirium too.
import type { AnswerSet } from './answer-set.ts';

export const CONSCIOUSNESS: AnswerSet = {
  name: 'consciousness',
  questions: {
    loinc: [
      '67775-7', // Level of responsiveness
      '11454-5', // Responsiveness assessment at first encounter
      '80288-4', // Level of consciousness
    ],
    snomed: [
      '1104441000000107', // ACVPU (Alert Confusion Voice Pain Unresponsive) scale score
      '6942003', // Level of consciousness
    ],
  },
  answers: [
    {
      states: { consciousness: 'A' },
      words: ['a', 'alert', 'awake', 'tỉnh', 'tỉnh táo'],
      codes: { loinc: ['LA9340-6'], snomed: ['248234008'] }, // Mentally alert
    },
    {
      states: { consciousness: 'C' },
      words: ['c', 'confused', 'confusion', 'new confusion', 'lú lẫn', 'lú lẫn mới xuất hiện', 'lẫn lộn'],
      codes: {
        loinc: ['LA6560-2'],
        snomed: ['130987000', '2776000'], // Acute confusion, Delirium
      },
    },
    {
      states: { consciousness: 'V' },
      words: ['v', 'voice', 'verbal', 'responds to voice', 'đáp ứng lời nói', 'đáp ứng với lời nói'],
      codes: { loinc: ['LA17108-4'], snomed: ['300202002'] }, // Responds to voice
    },
    {
      states: { consciousness: 'P' },
      words: ['p', 'pain', 'painful', 'responds to pain', 'đáp ứng đau', 'đáp ứng với đau'],
      codes: { loinc: ['LA17107-6'], snomed: ['450847001'] }, // Responds to pain
    },
    {
      states: { consciousness: 'U' },
      words: ['u', 'unresponsive', 'không đáp ứng', 'hôn mê'],
      codes: { loinc: ['LA9343-0'], snomed: ['422768004'] }, // Unresponsive
    },
  ],
};
