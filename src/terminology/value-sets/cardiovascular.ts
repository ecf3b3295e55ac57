// Established cardiovascular disease as codes. The definition is that of WHO's charts (2019), SCORE2 and PREVENT, which all exclude everybody who has
// had a heart attack or another coronary disease, a stroke or transient ischaemic attack, or peripheral artery disease. Not in it, because the
// publications do not name them: veins, Raynaud's syndrome, pacemakers, valves, family history, aneurysms, other intracranial bleeding (I62),
// stenosis of a brain artery without stroke (I65 to I67), transient global amnesia (G45.4).
// The SNOMED CT codes stand in `snomed/`.
import type { ConditionSet } from './condition-set.ts';
import { AORTIC_PLAQUE, PERIPHERAL_ARTERY } from '#terminology/value-sets/snomed/artery-disease.ts';
import {
  ACUTE_INFARCTION,
  OTHER_CORONARY,
  OTHER_INFARCTION,
  REVASCULARISATION,
} from '#terminology/value-sets/snomed/coronary-disease.ts';
import { HAEMORRHAGIC_STROKE, ISCHAEMIC_STROKE, TRANSIENT_ATTACK } from '#terminology/value-sets/snomed/stroke.ts';

/** 28 days or less from its onset is an infarction acute in ICD-10. */
const ACUTE_DAYS = 28;

/** ICD-10-CM has codes of its own for what follows; WHO's edition has no codes there. */
const ICD10_CM = {
  coronary: ['Z98.61', 'T82.21', 'T82.855'],
  strokeHistory: ['Z86.73'],
  peripheralArtery: ['I70.3', 'I70.4', 'I70.5', 'I70.6', 'I70.7', 'I70.92', 'Z95.820'],
} as const;

const DIABETES = ['E08', 'E09', 'E10', 'E11', 'E12', 'E13', 'E14'] as const;
/** Diabetes with peripheral circulatory complications; in ICD-10-CM the last digit 9 is for other vessels. */
const DIABETIC_ARTERY = DIABETES.map((type) => `${type}.5`);
const OTHER_DIABETIC_VESSEL = ['E08.59', 'E09.59', 'E10.59', 'E11.59', 'E13.59'] as const;

export const CARDIOVASCULAR_SETS: readonly ConditionSet[] = [
  {
    concept: 'prior_cvd',
    source: "WHO's charts of 2019, SCORE2 and PREVENT: whom they are not for",
    second: { icd10: ['who-2019', 'quan-2005'], snomed: ['ecqm'] },
    lasting: true,
    icd10: [
      // Angina, infarction and its complications, other acute and chronic ischaemic heart disease.
      'I20',
      'I21',
      'I22',
      'I23',
      'I24',
      'I25',
      // Bypass graft, implant and graft of a coronary vessel.
      'Z95.1',
      'Z95.5',
      ...ICD10_CM.coronary,
      // Subarachnoid and intracerebral haemorrhage, infarction, stroke not specified, sequelae, vascular syndromes of the brain.
      'I60',
      'I61',
      'I63',
      'I64',
      'I69',
      'G46',
      'G45',
      ...ICD10_CM.strokeHistory,
      // Atherosclerosis of the arteries of the limbs, thromboangiitis obliterans, peripheral vascular disease, diabetic angiopathy.
      'I70.2',
      'I73.1',
      'I73.9',
      'I79.2',
      ...ICD10_CM.peripheralArtery,
      ...DIABETIC_ARTERY,
    ],
    icd10Except: ['G45.4', ...OTHER_DIABETIC_VESSEL],
    snomed: [
      ...ACUTE_INFARCTION,
      ...OTHER_INFARCTION,
      ...OTHER_CORONARY,
      ...REVASCULARISATION,
      ...ISCHAEMIC_STROKE,
      ...HAEMORRHAGIC_STROKE,
      ...TRANSIENT_ATTACK,
      ...PERIPHERAL_ARTERY,
    ],
    icpc2: ['K74', 'K75', 'K76', 'K89', 'K90', 'K92'],
  },
  {
    // CHA2DS2-VASc: ischaemic stroke, transient attack, embolism into an artery; bleeding is none of them.
    concept: 'stroke_tia_te',
    source: 'CHA2DS2-VASc (Lip et al., Chest 2010;137:263-272)',
    second: { icd10: ['who-2019'], snomed: ['ecqm'] },
    lasting: true,
    icd10: ['I63', 'I64', 'I69', 'G45', 'G46', 'I74', ...ICD10_CM.strokeHistory],
    icd10Except: ['I69.0', 'I69.1', 'I69.2', 'G45.4'],
    snomed: [...ISCHAEMIC_STROKE, ...TRANSIENT_ATTACK],
    icpc2: ['K89', 'K90'],
  },
  {
    // CHA2DS2-VASc with ESC 2020: infarction, significant coronary disease (revascularised), peripheral artery disease, aortic plaque.
    concept: 'vascular_disease',
    source: 'CHA2DS2-VASc as in the guideline of the ESC of 2020',
    second: { icd10: ['quan-2005'], snomed: ['ecqm'] },
    lasting: true,
    icd10: [
      'I21',
      'I22',
      'I23',
      'I25.2',
      'Z95.1',
      'Z95.5',
      ...ICD10_CM.coronary,
      'I70',
      'I73.9',
      'I79.2',
      'Z95.820',
      ...DIABETIC_ARTERY,
    ],
    icd10Except: OTHER_DIABETIC_VESSEL,
    snomed: [...ACUTE_INFARCTION, ...OTHER_INFARCTION, ...REVASCULARISATION, ...PERIPHERAL_ARTERY, ...AORTIC_PLAQUE],
    icpc2: ['K75', 'K92'],
  },
  {
    concept: 'acute_coronary_syndrome',
    source: 'the fourth universal definition of myocardial infarction, and unstable angina',
    second: { icd10: [], snomed: [] },
    lasting: false,
    lastsDays: ACUTE_DAYS,
    icd10: ['I20.0', 'I21', 'I22', 'I24.0', 'I24.9'],
    snomed: [
      ...ACUTE_INFARCTION,
      '394659003', // Acute coronary syndrome
      '4557003', // Preinfarction syndrome (unstable angina)
      '194823009', // Acute coronary insufficiency
    ],
    icpc2: ['K75'],
  },
];
