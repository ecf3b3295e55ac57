// A second source for the SNOMED CT lists: the value sets of the American quality measures (eCQM), as another package prints them, must be in ours,
// except for those codes of which it is said here why not.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { answerOf } from '#terminology/answers.ts';
import { conditionsOf } from '#terminology/conditions.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { SMOKING_STATUS } from '#terminology/value-sets/smoking-status.ts';
import { type ListComparison, tellDifferences } from './code-list-differences.ts';

const because = (reason: string, ...codes: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(codes.map((code) => [code, reason]));

const codingOf = (code: string) => ({ system: SYSTEM_URIS.snomed, code });

const condition = (name: string, concept: string, except: ListComparison['except'] = {}) => ({
  name,
  isOurs: (code: string) => conditionsOf([codingOf(code)]).includes(concept),
  except,
});

/** `smoker` as each answer of the list states it. */
const smoking = (name: string, smoker: boolean, except: ListComparison['except']) => ({
  name,
  isOurs: (code: string) =>
    answerOf(SMOKING_STATUS, { value: '', answers: [codingOf(code)] })?.states['smoker'] === smoker,
  except,
});

const NO_STROKE = because(
  'no stroke is named',
  '62914000',
  '302909007',
  '443929000',
  '230738008',
  '111298007',
  '390936003',
  '192813004',
  '703163006',
  '20059004',
);
const OTHER_TOBACCO = 'tobacco or vapour that is not smoked says nothing about smoking';

const COMPARISONS: readonly Omit<ListComparison, 'codes'>[] = [
  condition('MyocardialInfarction', 'prior_cvd'),
  condition('MyocardialInfarction', 'vascular_disease'),
  condition('StableAndUnstableAngina', 'prior_cvd'),
  condition(
    'IschemicHeartDiseaseOrRelatedDiagnoses',
    'prior_cvd',
    because('of the coronary veins', '461417000', '457592003'),
  ),
  condition('CoronaryArteryDiseaseNoMi', 'prior_cvd', {
    ...because('of birth', '75398000', '204378009', '473362006', '74218008'),
    ...because('an infection', '62207008'),
  }),
  condition(
    'CabgSurgeries',
    'prior_cvd',
    because('a picture of a graft, no treatment', '252427007', '450506009', '440332008', '438530000'),
  ),
  condition(
    'PercutaneousCoronaryIntervention',
    'prior_cvd',
    because('any artery', '410023005', '415069007', '431759005'),
  ),
  condition('CerebrovascularDiseaseStrokeOrTia', 'prior_cvd', NO_STROKE),
  condition('IschemicStroke', 'stroke_tia_te'),
  condition('HemorrhagicStroke', 'prior_cvd'),
  condition('AtherosclerosisAndPeripheralArterialDisease', 'prior_cvd', {
    ...because('the publications do not name the aorta', '81817003', '233955003', '233956002'),
    ...because(
      'an artery that the publications do not name',
      '284871000119105',
      '284881000119108',
      '300920004',
      '55382008',
      '45281005',
      '39823006',
      '441574008',
      '13954005',
    ),
  }),
  condition('Diabetes', 'diabetes', {
    ...because(
      'a syndrome of which diabetes is a part',
      '733072002',
      '123763000',
      '237618001',
      '722454003',
      '1255271005',
      '111307005',
      '722206009',
    ),
    ...because('a resistance to insulin', '24203005', '237651005', '237652003'),
    ...because('of the child', '4783006'),
  }),
  condition('HeartFailure', 'heart_failure', because('of the right heart by an embolus', '15964701000119109')),
  condition('AtrialFibrillationOrFlutter', 'atrial_fibrillation'),
  condition('EssentialHypertension', 'hypertension'),
  condition('PregnancyOrOtherRelatedDiagnoses', 'pregnancy', because('a count', '127363001')),
  condition('Pregnancy', 'pregnancy'),
  condition(
    'ProstateCancer',
    'known_prostate_cancer',
    because('of another organ', '369485004', '369486003', '94503003'),
  ),
  condition('EndStageRenalDisease', 'dialysis', because('without dialysis', '236434000')),
  condition('KidneyTransplantRecipient', 'dialysis'),
  condition('ChronicKidneyDiseaseStage5', 'ckd_3_to_5'),
  smoking(
    'TobaccoUser',
    true,
    because(
      OTHER_TOBACCO,
      '110483000',
      '1137691001',
      '228494002',
      '228499007',
      '228504007',
      '228514003',
      '228515002',
      '228516001',
      '228517005',
      '228518000',
      '35341000087101',
      '35371000087109',
      '449867007',
      '449869005',
      '713914004',
      '722499006',
      '785889008',
      '81703003',
    ),
  ),
  smoking(
    'TobaccoNonUser',
    false,
    because(
      OTHER_TOBACCO,
      '1137688001',
      '1137690000',
      '1137692008',
      '228491005',
      '228492003',
      '228493008',
      '228501004',
      '228502006',
      '228503001',
      '228511006',
      '228512004',
      '228513009',
      '451381000124107',
      '456711000124105',
    ),
  ),
];

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: compare-snomed-lists VALUE_SETS.json');
const theirs = z.record(z.string(), z.array(z.string())).parse(JSON.parse(readFileSync(file, 'utf8')));
tellDifferences(COMPARISONS.map((one) => ({ ...one, codes: theirs[one.name] })));
