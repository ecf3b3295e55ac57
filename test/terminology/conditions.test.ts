// The lists of diagnoses, block by block: what counts as the condition, and the neighbours that do not.
import { describe, expect, test } from 'vitest';
import { conditionsOf } from '#terminology/conditions.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { CONDITION_SETS } from '#terminology/value-sets/conditions.ts';
import { BREATHING } from '#terminology/value-sets/breathing.ts';
import { CONSCIOUSNESS } from '#terminology/value-sets/consciousness.ts';
import { PREGNANCY_STATUS } from '#terminology/value-sets/pregnancy-status.ts';
import { SMOKING_STATUS } from '#terminology/value-sets/smoking-status.ts';
import { YES_NO } from '#terminology/value-sets/yes-no.ts';

const icd10 = (code: string) => conditionsOf([{ system: SYSTEM_URIS['icd-10'], code }]);
const snomed = (code: string) => conditionsOf([{ system: SYSTEM_URIS.snomed, code }]);
const icpc2 = (code: string) => conditionsOf([{ system: SYSTEM_URIS['icpc-2'], code }]);

describe('established cardiovascular disease', () => {
  test.each([
    ['angina', ['I20', 'I20.0', 'I20.1', 'I20.8', 'I20.9']],
    ['infarction', ['I21', 'I21.0', 'I21.4', 'I21.9', 'I21.A1', 'I22.0', 'I22.9']],
    ['complications of infarction', ['I23.0', 'I23.6', 'I23.8']],
    ['other acute ischaemic heart disease', ['I24.0', 'I24.1', 'I24.8', 'I24.9']],
    ['chronic ischaemic heart disease', ['I25.0', 'I25.1', 'I25.10', 'I25.2', 'I25.5', 'I25.6', 'I25.9', 'I25.810']],
    ['bypass and stent', ['Z95.1', 'Z95.5', 'Z98.61']],
    ['bleeding stroke', ['I60.9', 'I61', 'I61.9']],
    ['ischaemic stroke', ['I63', 'I63.0', 'I63.9', 'I64', 'G46.3', 'G46.7']],
    ['sequelae of stroke', ['I69', 'I69.1', 'I69.3', 'I69.4', 'I69.351', 'Z86.73']],
    ['transient attack', ['G45', 'G45.0', 'G45.1', 'G45.3', 'G45.8', 'G45.9']],
    [
      'peripheral artery disease',
      ['I70.2', 'I70.20', 'I70.211', 'I70.4', 'I73.9', 'I79.2', 'E11.5', 'E11.51', 'E10.52'],
    ],
  ])('ICD-10: %s', (_, codes) => {
    for (const code of codes) expect([code, icd10(code)]).toEqual([code, expect.arrayContaining(['prior_cvd'])]);
  });

  test.each([
    ['veins', ['I80.2', 'I81', 'I82.4', 'I83.9', 'I87.2']],
    ['Raynaud and other', ['I73.0', 'I73.00', 'I73.8']],
    ['pacemaker and valves', ['Z95.0', 'Z95.2', 'Z95.3', 'Z95.4', 'I05.0', 'I34.0', 'I35.0']],
    ['family history', ['Z82.3', 'Z82.4', 'Z82.49']],
    ['rhythm, pressure, heart failure', ['I10', 'I11.9', 'I48.0', 'I50.9']],
    ['transient global amnesia', ['G45.4']],
    ['diabetes without vessels', ['E11', 'E11.9', 'E11.4', 'E11.59']],
    ['not named by the publications', ['I62.0', 'I65.2', 'I66.0', 'I67.9', 'I71.4']],
    ['other systems of letters', ['O22.0', 'K25', 'B25.1', 'I2']],
  ])('ICD-10: not %s', (_, codes) => {
    for (const code of codes) expect([code, icd10(code).includes('prior_cvd')]).toEqual([code, false]);
  });

  test('SNOMED CT: present, past, and treated', () => {
    for (const code of ['22298006', '1755008', '399211009', '194828000', '53741008', '399261000', '36969009'])
      expect([code, snomed(code)]).toEqual([code, expect.arrayContaining(['prior_cvd'])]);
    for (const code of ['230690007', '422504002', '274100004', '21454007', '275526006', '266257000', '161511000'])
      expect([code, snomed(code)]).toEqual([code, expect.arrayContaining(['prior_cvd'])]);
    for (const code of ['399957001', '400047006', '63491006'])
      expect([code, snomed(code)]).toEqual([code, expect.arrayContaining(['prior_cvd'])]);
    for (const code of ['38341003', '49436004', '84114007', '73211009'])
      expect([code, snomed(code).includes('prior_cvd')]).toEqual([code, false]);
  });

  test('ICPC-2: K74 is angina there, and cirrhosis in ICD-10', () => {
    for (const code of ['K74', 'K75', 'K76', 'K89', 'K90', 'K92'])
      expect([code, icpc2(code)]).toEqual([code, expect.arrayContaining(['prior_cvd'])]);
    for (const code of ['K73', 'K77', 'K78', 'K86', 'K95', 'K96']) expect(icpc2(code)).not.toContain('prior_cvd');
    expect(icpc2('K74')).not.toContain('chronic_liver_disease');
    expect(icd10('K74')).toEqual(['chronic_liver_disease']);
  });
});

describe('CHA2DS2-VASc', () => {
  test('counts ischaemic stroke, transient attack and embolism, not bleeding', () => {
    for (const code of ['I63.9', 'I64', 'I69.3', 'G45.9', 'I74.3']) expect(icd10(code)).toContain('stroke_tia_te');
    for (const code of ['I60.9', 'I61.9', 'I69.1', 'G45.4']) expect(icd10(code)).not.toContain('stroke_tia_te');
  });

  test('counts infarction, artery disease of the limbs and aortic plaque as vascular disease', () => {
    for (const code of ['I21.9', 'I25.2', 'I70.0', 'I70.2', 'I73.9']) expect(icd10(code)).toContain('vascular_disease');
    for (const code of ['I20.9', 'I63.9', 'I73.0', 'I83.9']) expect(icd10(code)).not.toContain('vascular_disease');
  });
});

test.each([
  ['E11.9', ['type2_diabetes', 'diabetes']],
  ['E10', ['type1_diabetes', 'diabetes']],
  ['E14.9', ['diabetes']],
  ['I10', ['hypertension']],
  ['I11.0', ['hypertension', 'heart_failure']],
  ['I48.0', ['atrial_fibrillation']],
  ['J44.1', ['copd']],
  ['N18.4', ['chronic_kidney_disease', 'ckd_3_to_5']],
  ['N18.2', ['chronic_kidney_disease']],
  ['Z99.2', ['dialysis']],
  ['B18.1', ['chronic_hepatitis_b', 'chronic_hepatitis', 'chronic_liver_disease']],
  ['C50.9', ['known_breast_cancer']],
  ['C61', ['known_prostate_cancer']],
  ['O80', ['pregnancy']],
  ['O24.1', ['type2_diabetes', 'diabetes', 'pregnancy']],
  ['O10.0', ['hypertension', 'pregnancy']],
  ['Z32.1', ['pregnancy']],
  ['Z34.0', ['pregnancy']],
  ['Z82.4', []],
])('ICD-10 %s states %j', (code, concepts) => {
  expect(icd10(code).toSorted()).toEqual(concepts.toSorted());
});

test.each([
  ['heart attack', ['22298006', '401314000', '703164000', '1755008', '399211009'], ['prior_cvd', 'vascular_disease']],
  ['what follows it', ['194863005', '233846000', '371068009'], ['prior_cvd', 'vascular_disease']],
  [
    'other coronary disease',
    ['414545008', '414795007', '63739005', '233970002', '67682002', '371809004'],
    ['prior_cvd'],
  ],
  [
    'bypass and stent',
    ['232717009', '67166004', '36969009', '11101003', '373108000'],
    ['prior_cvd', 'vascular_disease'],
  ],
  ['ischaemic stroke', ['230690007', '422504002', '230696001', '426107000'], ['prior_cvd', 'stroke_tia_te']],
  ['what a stroke leaves', ['441960006', '91601000119109', '134771000119108'], ['prior_cvd', 'stroke_tia_te']],
  ['bleeding stroke', ['274100004', '75038005', '270907008', '230712008'], ['prior_cvd']],
  ['transient attack', ['266257000', '88032003', '161511000'], ['prior_cvd', 'stroke_tia_te']],
  ['limb arteries', ['399957001', '233958001', '127014009', '792845002'], ['prior_cvd', 'vascular_disease']],
  ['diabetes', ['44054006', '46635009', '73211009', '190331003', '368051000119109'], ['diabetes']],
  ['atrial fibrillation', ['49436004', '706923002', '312442005', '314208002'], ['atrial_fibrillation']],
  ['heart failure', ['84114007', '441481004', '703272007', '46113002'], ['heart_failure']],
  ['hypertension', ['38341003', '59621000', '371125006'], ['hypertension']],
  ['pregnancy', ['77386006', '57630001', '65147003', '169560008', '398254007'], ['pregnancy']],
  ['dialysis and transplant', ['265764009', '46177005', '236436003', '233575001', '161665007'], ['dialysis']],
  ['prostate cancer', ['399068003', '399490008', '254900004'], ['known_prostate_cancer']],
  ['hepatitis B', ['61977001', '50167007', '186639003'], ['chronic_hepatitis_b', 'chronic_liver_disease']],
])('SNOMED CT: %s', (_, codes, concepts) => {
  for (const code of codes) expect([code, snomed(code)]).toEqual([code, expect.arrayContaining(concepts)]);
});

test('SNOMED CT: what is near and states none of it', () => {
  for (const code of ['195295006', '128060009', '441509002', '266897007', '62914000', '300920004', '75398000'])
    expect([code, snomed(code)]).toEqual([code, []]);
  expect(snomed('81817003')).toEqual(['vascular_disease']);
  expect(snomed('274100004')).not.toContain('stroke_tia_te');
});

test.each([
  ['T89', ['type1_diabetes', 'diabetes']],
  ['T90', ['type2_diabetes', 'diabetes']],
  ['K74', ['prior_cvd']],
  ['K75', ['prior_cvd', 'vascular_disease', 'acute_coronary_syndrome']],
  ['K76', ['prior_cvd']],
  ['K77', ['heart_failure']],
  ['K78', ['atrial_fibrillation']],
  ['K86', ['hypertension']],
  ['K87', ['hypertension']],
  ['K89', ['prior_cvd', 'stroke_tia_te']],
  ['K90', ['prior_cvd', 'stroke_tia_te']],
  ['K92', ['prior_cvd', 'vascular_disease']],
  ['L88', ['rheumatoid_arthritis']],
  ['N89', ['migraine']],
  ['P72', ['severe_mental_illness']],
  ['R95', ['copd']],
  ['W78', ['pregnancy']],
  ['X76', ['known_breast_cancer']],
  ['Y77', ['known_prostate_cancer']],
  ['K95', []],
  ['T92', []],
])('ICPC-2 %s states %j', (code, concepts) => {
  expect(icpc2(code).toSorted()).toEqual(concepts.toSorted());
});

/** The last digit of a SNOMED CT identifier checks the others (Verhoeff's dihedral scheme). */
const MULTIPLIED = (a: number, b: number): number => {
  const [ra, rb] = [a % 5, b % 5];
  if (a < 5) return b < 5 ? (ra + rb) % 5 : ((ra + rb) % 5) + 5;
  return b < 5 ? ((ra - rb + 5) % 5) + 5 : (ra - rb + 5) % 5;
};
const PERMUTED = [0, 1, 2, 3, 4, 5, 6, 7].map((power) =>
  Array.from({ length: 10 }, (_, digit) =>
    Array.from({ length: power }).reduce<number>((now) => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][now]!, digit),
  ),
);
const isIdentifier = (code: string): boolean =>
  [...code].toReversed().reduce((sum, digit, at) => MULTIPLIED(sum, PERMUTED[at % 8]![Number(digit)]!), 0) === 0;

test('every SNOMED CT identifier of every list is one', () => {
  expect(isIdentifier('22298006')).toBe(true);
  expect(isIdentifier('22298060')).toBe(false);
  const answers = [SMOKING_STATUS, CONSCIOUSNESS, BREATHING, PREGNANCY_STATUS, YES_NO].flatMap((set) =>
    set.answers.flatMap(({ codes }) => codes.snomed ?? []),
  );
  const all = [...CONDITION_SETS.flatMap((set) => [...set.snomed]), ...answers];
  expect(all.filter((code) => !isIdentifier(code))).toEqual([]);
});

test('no list names a code twice, and no concept has two lists', () => {
  for (const { snomed: codes, icd10: beginnings } of CONDITION_SETS) {
    expect(codes).toEqual([...new Set(codes)]);
    expect(beginnings).toEqual([...new Set(beginnings)]);
  }
  const concepts = CONDITION_SETS.map(({ concept }) => concept);
  expect(concepts).toEqual([...new Set(concepts)]);
});

test('a text that is longer than any code states nothing, however it begins', () => {
  expect(icd10(`E11${'.'.repeat(61)}`)).toEqual(icd10('E11'));
  expect(icd10(`E11${'.'.repeat(62)}`)).toEqual([]);
  expect(icd10('E11'.repeat(300_000))).toEqual([]);
});
