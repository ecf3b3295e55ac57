// Diagnoses that state a yes, as codes. A diagnosis that is absent states nothing.
import type { ConditionSet } from './condition-set.ts';

export const CONDITION_SETS: readonly ConditionSet[] = [
  { concept: 'type1_diabetes', lasting: true, icd10: ['E10'], snomed: ['46635009'] },
  { concept: 'type2_diabetes', lasting: true, icd10: ['E11'], snomed: ['44054006'] },
  {
    concept: 'diabetes',
    lasting: true,
    icd10: ['E10', 'E11', 'E12', 'E13', 'E14'],
    snomed: ['73211009', '46635009', '44054006'],
  },
  {
    concept: 'hypertension',
    lasting: false,
    icd10: ['I10', 'I11', 'I12', 'I13', 'I15'],
    snomed: ['38341003', '59621000'],
  },
  { concept: 'atrial_fibrillation', lasting: true, icd10: ['I48'], snomed: ['49436004'] },
  { concept: 'heart_failure', lasting: true, icd10: ['I50'], snomed: ['84114007', '42343007'] },
  {
    concept: 'acute_coronary_syndrome',
    lasting: false,
    icd10: ['I20.0', 'I21', 'I22'],
    snomed: ['394659003', '22298006'],
  },
  {
    concept: 'prior_cvd',
    lasting: true,
    icd10: ['I21', 'I22', 'I25', 'I63', 'I64', 'I69', 'G45'],
    snomed: ['22298006', '230690007', '53741008'],
  },
  {
    concept: 'stroke_tia_te',
    lasting: true,
    icd10: ['I63', 'I64', 'I69', 'G45', 'I74'],
    snomed: ['230690007', '266257000'],
  },
  {
    concept: 'vascular_disease',
    lasting: true,
    icd10: ['I21', 'I22', 'I25.2', 'I70', 'I73.9'],
    snomed: ['22298006', '400047006'],
  },
  { concept: 'copd', lasting: true, icd10: ['J44'], snomed: ['13645005'] },
  { concept: 'emphysema', lasting: true, icd10: ['J43'], snomed: ['87433001'] },
  {
    concept: 'ckd_3_to_5',
    lasting: false,
    icd10: ['N18.3', 'N18.4', 'N18.5'],
    snomed: ['433144002', '431857002', '433146000'],
  },
  { concept: 'dialysis', lasting: false, icd10: ['Z99.2', 'Z94.0'], snomed: ['265764009'] },
  { concept: 'chronic_hepatitis_b', lasting: false, icd10: ['B18.0', 'B18.1'], snomed: ['61977001'] },
  {
    concept: 'chronic_hepatitis',
    lasting: false,
    icd10: ['B18', 'K73'],
    snomed: ['76783007', '61977001', '128302006'],
  },
  {
    concept: 'chronic_liver_disease',
    lasting: false,
    icd10: ['B18', 'K70', 'K73', 'K74', 'K76.0'],
    snomed: ['328383001', '19943007'],
  },
  { concept: 'rheumatoid_arthritis', lasting: true, icd10: ['M05', 'M06'], snomed: ['69896004'] },
  { concept: 'sle', lasting: true, icd10: ['M32'], snomed: ['55464009'] },
  { concept: 'migraine', lasting: false, icd10: ['G43'], snomed: ['37796009'] },
  { concept: 'severe_mental_illness', lasting: true, icd10: ['F20', 'F31'], snomed: ['58214004', '13746004'] },
  { concept: 'known_breast_cancer', lasting: true, icd10: ['C50', 'D05'], snomed: ['254837009'] },
  { concept: 'known_prostate_cancer', lasting: true, icd10: ['C61'], snomed: ['399068003'] },
  { concept: 'pregnancy', lasting: false, icd10: ['O', 'Z33', 'Z34'], snomed: ['77386006'] },
];
