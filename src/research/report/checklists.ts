// The checklists that journals ask for, filled where the run knows the answer: CLAIM 2024 (Tejani et al., Radiology: AI 2024;6:e240300) and TRIPOD+AI
// (Collins et al., BMJ 2024;385:e078378). Items are named by their number and subject, not in the guidelines' words.
import type { Evaluation } from './evaluation.ts';
import { AUTHOR_MUST_STATE } from './chai-card.ts';

type Answer = (evaluation: Evaluation) => string;
type Item = readonly [item: string, subject: string, answer?: Answer];

const data: Answer = ({ about, split, run }) =>
  `${about.title} (${about.source}; ${about.licence}), split ${split}, SHA-256 ${run.splitSha256}`;
const model: Answer = ({ model: id, run }) =>
  `${id} ${run.modelVersion}, ${run.precision} on ${run.provider}, SHA-256 ${run.modelSha256}`;
const eligibility: Answer = ({ aboutModel: { modalities, views, ageYears } }) =>
  `Gate of the model: ${modalities.join(', ')}; ${views.join(', ') || 'any view'}; ${ageYears.minimum} to ${ageYears.maximum} years. Of the data set itself the author must state.`;
const flow: Answer = ({ run, refusals }) =>
  `${run.films} films of ${run.patients} patients; ${run.refusedRows} rows and ${run.refusedFilms} films refused${Object.entries(
    refusals,
  )
    .map(([why, n]) => `; ${why}: ${n}`)
    .join('')}`;
const metrics: Answer = () =>
  'AUROC, AUPRC, sensitivity and specificity of decided films, share undecided, Brier, ECE, calibration slope and intercept, decision curve (report.html, figures.csv)';
const intervals: Answer = ({ run }) =>
  `95 %, ${run.replicates} bootstrap draws of patients, seed ${run.seed}; subgroups by DeLong over clusters of patients, Holm-corrected`;
const performance: Answer = ({ figures }) =>
  `${figures.filter(({ value }) => value !== null).length} figures in figures.csv`;
const subgroups: Answer = ({ analyses }) => {
  const by = [...new Set(analyses.flatMap((each) => each.subgroups.map((group) => group.by)))];
  return by.length === 0 ? 'No subgroup had enough films' : `By ${by.join(', ')} (report.html)`;
};
const limits: Answer = ({ about }) => `${about.limits.join(' ')} Further limits the author must state.`.trim();
const missing: Answer = ({ run }) =>
  `Films without a label for a finding do not count for it; ${run.refusedRows} rows were refused. Nothing is imputed.`;
const size: Answer = ({ run }) =>
  `${run.films} films, ${run.patients} patients; a calculation before the study the author must state.`;
const thresholds: Answer = ({ run, aboutModel }) =>
  `Calibration ${run.calibration} (${aboutModel.calibrationMethod}), stated error rate ${aboutModel.errorRate}; positive, negative or undecided`;
const code: Answer = ({ run }) => `${run.program}; predictions.csv holds every answer`;
const output: Answer = ({ aboutModel: { findings } }) =>
  `Probability from 0 to 1 and decision for ${findings.join(', ')}`;

const CLAIM: readonly Item[] = [
  ['1', 'Title or abstract names the kind of AI'],
  ['2', 'Structured abstract'],
  ['3', 'Background, intended use'],
  ['4', 'Aims and hypotheses'],
  ['5', 'Prospective or retrospective', () => 'Retrospective, on films with labels'],
  ['6', 'Goal of the study', () => 'Evaluation of an existing model; nothing was trained in this run'],
  ['7', 'Source of the data', data],
  ['8', 'Who and which films are eligible', eligibility],
  ['9', 'Preprocessing', () => 'As model.json of the model folder says, the same steps as in service'],
  ['10', 'Which part of the data was used', ({ split }) => `Split ${split}`],
  ['11', 'De-identification'],
  ['12', 'Missing data', missing],
  ['13', 'Image acquisition'],
  ['14', 'Definition of the reference standard'],
  ['15', 'Why this reference standard'],
  ['16', 'Who annotated'],
  ['17', 'How annotations were made'],
  ['18', 'Agreement between and within annotators'],
  [
    '19',
    'How data were divided',
    ({ split, run }) => `Split ${split} of the table, SHA-256 ${run.splitSha256}; for training the author must state`,
  ],
  [
    '20',
    'Level at which parts are apart',
    ({ about }) =>
      about.namesPatients
        ? 'Patients are named; intervals keep films of one together. Whether parts share patients the author must state.'
        : 'The table names no patients: each film counts as one.',
  ],
  ['21', 'Size of the test set and how it was chosen', size],
  [
    '22',
    'Model: inputs, outputs, layers',
    ({ aboutModel }) => `Input ${aboutModel.pixels}; the rest the author must state`,
  ],
  ['23', 'Software', code],
  ['24', 'Initial parameters'],
  ['25', 'Training: augmentation, hyperparameters'],
  ['26', 'How the final model was chosen'],
  ['27', 'Ensembling'],
  ['28', 'Metrics', metrics],
  ['29', 'Statistical significance and uncertainty', intervals],
  ['30', 'Robustness or sensitivity analysis', subgroups],
  [
    '31',
    'Explainability',
    ({ figures }) =>
      figures.some(({ metric }) => metric === 'pointing-game')
        ? 'Pointing game, deletion and insertion in figures.csv'
        : 'Not measured: the data set has no boxes',
  ],
  ['32', 'Validation on internal data'],
  [
    '33',
    'Validation on external data',
    ({ about }) => `This run is on ${about.title}; whether it is external to the training the author must state`,
  ],
  ['34', 'Trial registration'],
  ['35', 'Flow of participants or films', flow],
  [
    '36',
    'Demographic and clinical characteristics',
    ({ run }) => `${run.patients} patients; their characteristics the author must state`,
  ],
  ['37', 'Performance on all parts', performance],
  ['38', 'Precision of the estimates', intervals],
  ['39', 'Failure analysis', flow],
  ['40', 'Limitations', limits],
  ['41', 'Implications for practice'],
  ['42', 'Where the full protocol is'],
  [
    '43',
    'Availability of software, model and data',
    (evaluation) =>
      `${model(evaluation)}; ${code(evaluation)}; weights ${evaluation.aboutModel.licence}, films ${evaluation.about.licence}`,
  ],
  ['44', 'Funding and other support'],
];

const TRIPOD: readonly Item[] = [
  ['1', 'Title'],
  ['2', 'Abstract'],
  ['3a', 'Healthcare context and rationale'],
  ['3b', 'Target population and intended purpose', eligibility],
  ['3c', 'Known health inequalities'],
  ['4', 'Objectives', () => 'Evaluation of an existing model'],
  ['5a', 'Sources of data', data],
  ['5b', 'Dates of the data'],
  ['6a', 'Setting'],
  ['6b', 'Eligibility', eligibility],
  ['6c', 'Treatments received'],
  ['7', 'Data preparation', () => 'As model.json of the model folder says, the same steps as in service'],
  ['8a', 'Outcome, its time and its assessment'],
  ['8b', 'Who assessed the outcome'],
  ['8c', 'Blinding of the assessment'],
  ['9a', 'Choice of predictors', () => 'The pixels of one film; no other predictor'],
  ['9b', 'Definition of predictors', ({ aboutModel }) => `Film at ${aboutModel.pixels}`],
  ['9c', 'Who assessed predictors', () => 'No person: pixels'],
  ['10', 'Sample size', size],
  ['11', 'Missing data', missing],
  ['12a', 'How data were used', ({ split }) => `Split ${split} for evaluation only`],
  ['12b', 'Handling of predictors'],
  ['12c', 'Type of model and how it was built', model],
  ['12d', 'Differences between clusters', subgroups],
  ['12e', 'Measures of performance', metrics],
  ['12f', 'Updating after evaluation', () => 'None in this run'],
  ['12g', 'How predictions were made', model],
  [
    '13',
    'Class imbalance',
    () => 'Nothing was resampled; ECE and Brier at the declared prevalence stand in the notes of figures.csv',
  ],
  ['14', 'Fairness', subgroups],
  ['15', 'Output of the model and thresholds', (evaluation) => `${output(evaluation)}. ${thresholds(evaluation)}`],
  ['16', 'Differences between development and evaluation data'],
  ['17', 'Ethical approval'],
  ['18a', 'Funding'],
  ['18b', 'Conflicts of interest'],
  ['18c', 'Protocol'],
  ['18d', 'Registration'],
  ['18e', 'Data sharing', ({ about }) => `Licence of the films: ${about.licence}; the rest the author must state`],
  ['18f', 'Code sharing', code],
  ['19', 'Patient and public involvement'],
  ['20a', 'Flow of participants', flow],
  [
    '20b',
    'Characteristics of participants',
    ({ run }) => `${run.patients} patients; their characteristics the author must state`,
  ],
  ['20c', 'Comparison with the development data'],
  [
    '21',
    'Numbers of participants and events',
    ({ analyses }) =>
      analyses.map(({ source, finding, n, positives }) => `${finding} (${source}) ${positives}/${n}`).join('; ') ||
      'too few of every finding',
  ],
  ['22', 'The full model', model],
  ['23a', 'Performance with intervals', (evaluation) => `${performance(evaluation)}; ${intervals(evaluation)}`],
  ['23b', 'Heterogeneity of performance', subgroups],
  ['24', 'Results of updating', () => 'None in this run'],
  ['25', 'Interpretation'],
  ['26', 'Limitations', limits],
  ['27a', 'Poor or missing input in use', flow],
  ['27b', 'Users and their expertise'],
  ['27c', 'Next steps'],
];

export const CHECKLISTS = { 'CLAIM 2024': CLAIM, 'TRIPOD+AI': TRIPOD } as const;

export interface Ticked {
  readonly item: string;
  readonly subject: string;
  readonly answer: string;
  readonly fromRun: boolean;
}

export const ticked = (name: keyof typeof CHECKLISTS, evaluation: Evaluation): Ticked[] =>
  CHECKLISTS[name].map(([item, subject, answer]) => {
    const said = answer?.(evaluation);
    return { item, subject, answer: said ?? AUTHOR_MUST_STATE, fromRun: said !== undefined };
  });

/** In English: journals ask for them so. */
export function checklistMarkdown(name: keyof typeof CHECKLISTS, evaluation: Evaluation): string {
  const items = ticked(name, evaluation);
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const known = items.filter(({ fromRun }) => fromRun).length;
  return `${[
    `# ${name}: ${evaluation.model} on ${evaluation.about.title}`,
    '',
    `${known} of ${items.length} items are answered, some in part, from the run; the rest the author must state. Item numbers are the guideline's, their subjects are named in our words.`,
    '',
    '| item | subject | answer |',
    '|---|---|---|',
    ...items.map(({ item, subject, answer }) => `| ${item} | ${cell(subject)} | ${cell(answer)} |`),
  ].join('\n')}\n`;
}
