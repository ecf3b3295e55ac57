// Diagnoses that state a yes, as codes, for the premises and inputs of equations. A diagnosis that is absent states nothing. Cardiovascular
// disease has a file of its own. ICD-10 is WHO's edition as in Vietnamese records, with the codes of ICD-10-CM where that one has others.
import { CARDIOVASCULAR_SETS } from './cardiovascular.ts';
import type { ConditionSet } from './condition-set.ts';
import { PREGNANCY_DAYS } from './pregnancy-status.ts';
import { OTHER_DIABETES, TYPE_1_DIABETES, TYPE_2_DIABETES } from '#terminology/value-sets/snomed/diabetes.ts';
import { ATRIAL_FIBRILLATION, HEART_FAILURE, HYPERTENSION } from '#terminology/value-sets/snomed/heart.ts';
import { CHRONIC_HEPATITIS_B, DIALYSIS } from '#terminology/value-sets/snomed/kidney-and-liver.ts';
import { PREGNANCY } from '#terminology/value-sets/snomed/pregnancy.ts';
import { PROSTATE_CANCER } from '#terminology/value-sets/snomed/prostate-cancer.ts';

/** WHO: the six weeks after a delivery. */
const PUERPERIUM_DAYS = 42;
const PUERPERIUM = ['O85', 'O86', 'O87', 'O88', 'O89', 'O90', 'O91', 'O92'] as const;

export const CONDITION_SETS: readonly ConditionSet[] = [
  ...CARDIOVASCULAR_SETS,
  {
    concept: 'type1_diabetes',
    source: "WHO's classification of diabetes mellitus of 2019",
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['E10', 'O24.0'],
    snomed: TYPE_1_DIABETES,
    icpc2: ['T89'],
  },
  {
    concept: 'type2_diabetes',
    source: "WHO's classification of diabetes mellitus of 2019",
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['E11', 'O24.1'],
    snomed: TYPE_2_DIABETES,
    icpc2: ['T90'],
  },
  {
    concept: 'diabetes',
    source: "WHO's classification of diabetes mellitus of 2019",
    second: { icd10: ['who-2019', 'quan-2005'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['E08', 'E09', 'E10', 'E11', 'E12', 'E13', 'E14', 'O24.0', 'O24.1', 'O24.2', 'O24.3', 'O24.8'],
    snomed: [...TYPE_1_DIABETES, ...TYPE_2_DIABETES, ...OTHER_DIABETES],
    icpc2: ['T89', 'T90'],
  },
  {
    concept: 'hypertension',
    source: 'the block of hypertensive diseases in ICD-10, and its counterpart in pregnancy',
    second: { icd10: ['who-2019', 'quan-2005'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['I10', 'I11', 'I12', 'I13', 'I15', 'I16', 'O10', 'O11'],
    snomed: HYPERTENSION,
    icpc2: ['K86', 'K87'],
  },
  {
    concept: 'atrial_fibrillation',
    source: 'CHA2DS2-VASc: non-valvular atrial fibrillation or flutter',
    second: { icd10: ['who-2019'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['I48'],
    snomed: ATRIAL_FIBRILLATION,
    icpc2: ['K78'],
  },
  {
    concept: 'heart_failure',
    source: 'CHA2DS2-VASc: congestive heart failure',
    second: { icd10: ['who-2019', 'quan-2005'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['I50', 'I11.0', 'I13.0', 'I13.2'],
    snomed: HEART_FAILURE,
    icpc2: ['K77'],
  },
  {
    concept: 'copd',
    source: 'PLCOm2012 and LCRAT: chronic obstructive pulmonary disease',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['J44'],
    snomed: [
      '13645005', // Chronic obstructive lung disease
      '185086009', // Chronic obstructive bronchitis
    ],
    icpc2: ['R95'],
  },
  {
    concept: 'emphysema',
    source: 'LCRAT and the Brock model: emphysema',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['J43'],
    snomed: [
      '87433001', // Pulmonary emphysema
    ],
  },
  {
    // Of any stage: with the filtration rate it says which (`risk/measure/derive.ts`).
    concept: 'chronic_kidney_disease',
    source: "KDIGO's definition of chronic kidney disease (2024)",
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['N18', 'I12', 'I13'],
    snomed: [
      '709044004', // Chronic kidney disease
      '431855005', // Chronic kidney disease stage 1
      '431856006', // Chronic kidney disease stage 2
      '433144002', // Chronic kidney disease stage 3
      '700378005', // Chronic kidney disease stage 3A
      '700379002', // Chronic kidney disease stage 3B
      '431857002', // Chronic kidney disease stage 4
      '433146000', // Chronic kidney disease stage 5
    ],
  },
  {
    concept: 'ckd_3_to_5',
    source: "KDIGO's stages G3a to G5 (2024)",
    second: { icd10: [], snomed: [] },
    lasting: true,
    icd10: ['N18.3', 'N18.4', 'N18.5'],
    snomed: [
      '433144002', // Chronic kidney disease stage 3
      '700378005', // Chronic kidney disease stage 3A
      '700379002', // Chronic kidney disease stage 3B
      '431857002', // Chronic kidney disease stage 4
      '433146000', // Chronic kidney disease stage 5
      '236434000', // End stage renal failure untreated by renal replacement therapy
    ],
  },
  {
    concept: 'dialysis',
    source: 'KFRE: dialysis or a kidney transplant',
    second: { icd10: [], snomed: ['ecqm'] },
    lasting: false,
    icd10: ['Z99.2', 'Z94.0', 'Z49', 'N18.6'],
    snomed: DIALYSIS,
  },
  {
    concept: 'chronic_hepatitis_b',
    source: 'REACH-B and PAGE-B: chronic infection with the hepatitis B virus',
    second: { icd10: [], snomed: [] },
    lasting: true,
    icd10: ['B18.0', 'B18.1'],
    snomed: CHRONIC_HEPATITIS_B,
  },
  {
    concept: 'chronic_hepatitis',
    source: 'aMAP: chronic hepatitis of any cause',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['B18', 'K73'],
    snomed: [
      '76783007', // Chronic hepatitis
      ...CHRONIC_HEPATITIS_B,
      '128302006', // Chronic hepatitis C
    ],
  },
  {
    concept: 'chronic_liver_disease',
    source: 'FIB-4: chronic liver disease of any cause',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['B18', 'K70', 'K73', 'K74', 'K75.8', 'K76.0'],
    snomed: [
      '328383001', // Chronic liver disease
      '19943007', // Cirrhosis of liver
      '76783007', // Chronic hepatitis
      ...CHRONIC_HEPATITIS_B,
      '128302006', // Chronic hepatitis C
      '197321007', // Steatosis of liver
      '442685003', // Nonalcoholic steatohepatitis
    ],
  },
  {
    concept: 'rheumatoid_arthritis',
    source: 'QRISK3: rheumatoid arthritis',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['M05', 'M06'],
    snomed: [
      '69896004', // Rheumatoid arthritis
    ],
    icpc2: ['L88'],
  },
  {
    concept: 'sle',
    source: 'QRISK3: systemic lupus erythematosus',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['M32'],
    snomed: [
      '55464009', // Systemic lupus erythematosus
    ],
  },
  {
    concept: 'migraine',
    source: 'QRISK3: migraine',
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['G43'],
    snomed: [
      '37796009', // Migraine
    ],
    icpc2: ['N89'],
  },
  {
    concept: 'severe_mental_illness',
    source: 'QRISK3: schizophrenia and bipolar disorder',
    second: { icd10: [], snomed: [] },
    lasting: true,
    icd10: ['F20', 'F31'],
    snomed: [
      '58214004', // Schizophrenia
      '13746004', // Bipolar disorder
    ],
    icpc2: ['P72'],
  },
  {
    concept: 'known_breast_cancer',
    source: "Gail's model: whom it is not for",
    second: { icd10: ['who-2019'], snomed: [] },
    lasting: true,
    icd10: ['C50', 'D05', 'Z85.3'],
    snomed: [
      '254837009', // Malignant neoplasm of breast
      '429087003', // History of malignant neoplasm of breast
    ],
    icpc2: ['X76'],
  },
  {
    concept: 'known_prostate_cancer',
    source: 'PBCG and PCPTRC 2.0: whom they are not for',
    second: { icd10: ['who-2019'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['C61', 'Z85.46'],
    snomed: PROSTATE_CANCER,
    icpc2: ['Y77'],
  },
  {
    concept: 'pregnancy',
    source: 'the chapter of pregnancy, childbirth and the puerperium in ICD-10',
    second: { icd10: ['who-2019'], snomed: ['ecqm'] },
    lasting: false,
    lastsDays: PREGNANCY_DAYS,
    icd10: ['O', 'Z32.01', 'Z32.1', 'Z33', 'Z34', 'Z35', 'Z36', 'Z3A'],
    // What a pregnancy left, and deaths.
    icd10Except: ['O94', 'O95', 'O96', 'O97'],
    snomed: PREGNANCY,
    icpc2: ['W78', 'W79', 'W84', 'W90', 'W91', 'W92', 'W93'],
    ending: {
      lastsDays: PUERPERIUM_DAYS,
      // Abortion and its complications, delivery (in ICD-10-CM O80 and O82), the puerperium.
      icd10: ['O03', 'O04', 'O05', 'O06', 'O07', 'O08', 'O80', 'O81', 'O82', 'O83', 'O84', ...PUERPERIUM],
      snomed: [],
      icpc2: ['W90', 'W91', 'W92', 'W93'],
    },
  },
];
