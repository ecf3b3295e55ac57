// Tobacco smoking status: the eight answers of US Core (SNOMED CT), the same eight of LOINC's answer list LL4129-4, and what primary care
// records write besides. Each states whether the person smokes now and whether they ever did; an answer of the past that says nothing
// about now, or of now that says nothing about the past, states only what it says.
import type { AnswerSet } from './answer-set.ts';

const SMOKES = { smoker: true, ever_smoker: true } as const;
const SMOKED = { smoker: false, ever_smoker: true } as const;

export const SMOKING_STATUS: AnswerSet = {
  name: 'smoking_status',
  questions: {
    loinc: [
      '72166-2', // Tobacco smoking status
      '39240-7', // Tobacco use status CPHS
      '11367-0', // History of tobacco use
    ],
    snomed: ['365981007', '229819007'], // Tobacco smoking behaviour, tobacco use and exposure
  },
  answers: [
    {
      states: SMOKES,
      words: [
        'current',
        'current smoker',
        'smoker',
        'smokes tobacco daily',
        'current every day smoker',
        'current some day smoker',
        'occasional tobacco smoker',
        'heavy tobacco smoker',
        'light tobacco smoker',
        'smoker, current status unknown',
        'đang hút thuốc',
        'đang hút thuốc lá',
        'có hút thuốc',
        'có hút thuốc lá',
        'còn hút thuốc',
        'còn hút thuốc lá',
        'đang hút',
        'hút thuốc',
        'hút thuốc lá',
        'hút thuốc hằng ngày',
        'hút thuốc hàng ngày',
        'hút thuốc lá hằng ngày',
        'hút thuốc lá hàng ngày',
        'thỉnh thoảng hút thuốc',
        'light smoker',
        'heavy smoker',
        'daily smoker',
        'every day smoker',
        'some day smoker',
      ],
      codes: {
        snomed: [
          '449868002', // Smokes tobacco daily
          '428041000124106', // Occasional tobacco smoker
          '77176002', // Smoker
          '428071000124103', // Heavy tobacco smoker
          '428061000124105', // Light tobacco smoker
          '65568007', // Cigarette smoker
          '266920004', // Trivial cigarette smoker (less than one a day)
          '160603005', // Light cigarette smoker (1 to 9 a day)
          '160604004', // Moderate cigarette smoker (10 to 19 a day)
          '160605003', // Heavy cigarette smoker (20 to 39 a day)
          '160606002', // Very heavy cigarette smoker (40 and more a day)
          '230059006', // Occasional cigarette smoker
          '230060001', // Light cigarette smoker
          '230062009', // Moderate cigarette smoker
          '230063004', // Heavy cigarette smoker
          '230064005', // Very heavy cigarette smoker
          '230065006', // Chain smoker
          '56578002', // Moderate smoker (20 or less a day)
          '56771006', // Heavy smoker (over 20 a day)
          '59978006', // Cigar smoker
          '82302008', // Pipe smoker
          '160619003', // Rolls own cigarettes
          '450821000124107', // Cigarette smoker (1 to 4 a day)
          '450811000124104', // Cigarette smoker (5 to 9 a day)
          '698289004', // Hookah pipe smoker
          '266929003', // Smoking started
          '308438006', // Smoking restarted
          '134406006', // Smoking reduced
          '160612007', // Keeps trying to stop smoking
          '160616005', // Trying to give up smoking
          '394871007', // Thinking about stopping smoking
          '394872000', // Ready to stop smoking
          '394873005', // Not interested in stopping smoking
          '446172000', // Failed attempt to stop smoking
        ],
        loinc: ['LA18976-3', 'LA18977-1', 'LA18979-7', 'LA18981-3', 'LA18982-1'],
      },
    },
    {
      states: SMOKED,
      words: [
        'former',
        'former smoker',
        'ex-smoker',
        'ex smoker',
        'đã bỏ thuốc',
        'đã bỏ thuốc lá',
        'đã bỏ hút thuốc',
        'đã cai thuốc',
        'đã cai thuốc lá',
        'đã từng hút thuốc',
      ],
      codes: {
        snomed: [
          '8517006', // Ex-smoker
          '281018007', // Ex-cigarette smoker
          '160617001', // Stopped smoking
          '266921000', // Ex-trivial cigarette smoker
          '266922007', // Ex-light cigarette smoker
          '266923002', // Ex-moderate cigarette smoker
          '266924008', // Ex-heavy cigarette smoker
          '266925009', // Ex-very heavy cigarette smoker
          '266928006', // Ex-cigarette smoker, amount unknown
          '160620009', // Ex-pipe smoker
          '160621008', // Ex-cigar smoker
          '735128000', // Ex-smoker for less than one year
          '48031000119106', // Ex-smoker for more than one year
          '428081000124100', // Former heavy tobacco smoker
          '428091000124102', // Former light tobacco smoker
          '53896009', // Tolerant ex-smoker
          '360890004', // Intolerant ex-smoker
          '360900008', // Aggressive ex-smoker
        ],
        loinc: ['LA15920-4'],
      },
    },
    {
      states: { smoker: false, ever_smoker: false },
      words: [
        'never',
        'never smoker',
        'never smoked',
        'never smoked tobacco',
        'chưa bao giờ hút thuốc',
        'chưa từng hút thuốc',
      ],
      codes: {
        snomed: [
          '266919005', // Never smoked tobacco
          '221000119102', // Never smoked any substance
          '702979003', // Never used tobacco
        ],
        loinc: ['LA18978-9'],
      },
    },
    {
      states: { smoker: false },
      words: ['non-smoker', 'nonsmoker', 'current non-smoker', 'không hút', 'không hút thuốc', 'không hút thuốc lá'],
      codes: {
        snomed: [
          '8392000', // Non-smoker
          '160618006', // Current non-smoker
          '405746006', // Current non-smoker but past smoking history unknown
          '87739003', // Tolerant non-smoker
          '360918006', // Aggressive non-smoker
          '360929005', // Intolerant non-smoker
          '105539002', // Non-smoker for personal reasons
          '105540000', // Non-smoker for religious reasons
          '105541001', // Non-smoker for medical reasons
          '451371000124109', // Tobacco non-user
          '702975009', // Ex-tobacco user
        ],
      },
    },
    {
      states: {},
      words: ['unknown', 'unknown if ever smoked'],
      codes: {
        snomed: ['266927001'], // Unknown if ever smoked
        loinc: ['LA18980-5'],
      },
    },
  ],
};
