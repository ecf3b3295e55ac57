// The run as a CHAI Applied Model Card v0.2 (coalition-for-health-ai/mc-schema): filled where the run knows, and marked where only the author does.
// A card that is made with the figures cannot speak of another model than they do.
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import { FEWEST_CASES, type Figure } from '#research/analysis/figures.ts';
import type { Evaluation } from './evaluation.ts';
import { escapeXml } from './svg.ts';

export const AUTHOR_MUST_STATE = 'Author must state.';
const NAMESPACE = 'https://mc.chai.org/v0.2/schema.xsd';

type Node = readonly [name: string, content: string | readonly Node[]];

const xml = ([name, content]: Node, depth: number): string => {
  const indent = '  '.repeat(depth);
  if (typeof content === 'string') return `${indent}<${name}>${escapeXml(content)}</${name}>`;
  return [`${indent}<${name}>`, ...content.map((child) => xml(child, depth + 1)), `${indent}</${name}>`].join('\n');
};

const result = (label: string, { value, lower, upper }: Pick<IntervalEstimate, 'value' | 'lower' | 'upper'>): Node => [
  'MetricResult',
  [
    ['Label', label],
    [
      'ValueJson',
      JSON.stringify(
        lower === null || upper === null
          ? { kind: 'single', value }
          : { kind: 'estimate_ci', estimate: value, lower, upper, level: 95 },
      ),
    ],
  ],
];

/** The schema asks for at least one. */
const results = (found: readonly Node[]): Node => [
  'Results',
  found.length > 0
    ? found
    : [
        [
          'MetricResult',
          [
            ['Label', 'None was measured'],
            ['ValueJson', JSON.stringify({ kind: 'text', value: AUTHOR_MUST_STATE })],
          ],
        ],
      ],
];

const figuresOf = ({ figures }: Evaluation, metrics: readonly string[]): Node[] =>
  figures
    .filter(
      (figure): figure is Figure & { readonly value: number } =>
        metrics.includes(figure.metric) && figure.value !== null,
    )
    .map((figure) =>
      result(`${figure.metric}, ${figure.finding} (${figure.source}, ${figure.positives} of ${figure.n})`, figure),
    );

interface KeyMetric {
  readonly goal: string;
  readonly found: readonly Node[];
  readonly interpretation: string;
}

function metric(name: string, { goal, found, interpretation }: KeyMetric, { run, about, split }: Evaluation): Node {
  return [
    name,
    [
      ['MetricGoal', goal],
      results(found),
      ['Interpretation', interpretation],
      [
        'TestType',
        `Retrospective, on labelled films of ${about.title}; whether they are independent of the training: ${AUTHOR_MUST_STATE}`,
      ],
      [
        'TestingDataDescription',
        `${about.title} (${about.source}), split ${split}: ${run.films} films of ${run.patients} patients; ${run.refusedFilms} films were refused. ${about.limits.join(' ')}`.trim(),
      ],
      [
        'ValidationProcessAndJustification',
        `${run.program} on ${run.date}; intervals at 95 % by ${run.replicates} bootstrap draws of patients (seed ${run.seed}); no figure with fewer than ${FEWEST_CASES} films with or without a finding. Split SHA-256 ${run.splitSha256}. Justification of the data set: ${AUTHOR_MUST_STATE}`,
      ],
    ],
  ];
}

function keyMetrics(evaluation: Evaluation): Node {
  const groups = evaluation.analyses.flatMap(({ finding, source, subgroups }) =>
    subgroups.flatMap(({ by, group, auroc, lower, upper }) =>
      auroc === null ? [] : [result(`auroc, ${finding} (${source}), ${by} ${group}`, { value: auroc, lower, upper })],
    ),
  );
  const undecided = 'An undecided film is neither a hit nor a miss; its share stands beside. Clinical meaning: ';
  return [
    'KeyMetrics',
    [
      metric(
        'UsefulnessUsabilityEfficacy',
        {
          goal: `Does the model rank and call films as their labels do? The goal in numbers: ${AUTHOR_MUST_STATE}`,
          found: figuresOf(evaluation, ['auroc', 'auprc', 'sensitivity', 'specificity', 'indeterminate-share']),
          interpretation: undecided + AUTHOR_MUST_STATE,
        },
        evaluation,
      ),
      metric(
        'FairnessEquity',
        {
          goal: 'Is the area under the ROC curve the same in subgroups by age, sex, view, device and source?',
          found: groups,
          interpretation: `Groups with too few films are left out. Groups that the data set does not record: ${AUTHOR_MUST_STATE}`,
        },
        evaluation,
      ),
      metric(
        'SafetyReliability',
        {
          goal: 'Do the probabilities hold, does the answer hold the truth, and what is refused?',
          found: figuresOf(evaluation, ['ece', 'brier', 'coverage', 'refused-share']),
          interpretation: `Refused films: ${
            Object.entries(evaluation.refusals)
              .map(([why, n]) => `${why} ${n}`)
              .join(', ') || 'none'
          }. ${AUTHOR_MUST_STATE}`,
        },
        evaluation,
      ),
    ],
  ];
}

function facts({ model, aboutModel, run }: Evaluation): Node[] {
  const { findings } = aboutModel;
  return [
    [
      'BasicInfo',
      [
        ['ModelName', `${aboutModel.title} (${model})`],
        ['ModelDeveloper', AUTHOR_MUST_STATE],
        ['DeveloperContact', AUTHOR_MUST_STATE],
      ],
    ],
    [
      'ReleaseInfo',
      [
        ['ReleaseStage', `Research software, not a registered medical device. ${AUTHOR_MUST_STATE}`],
        ['ReleaseDate', AUTHOR_MUST_STATE],
        ['ReleaseVersion', `${run.modelVersion}, ${run.precision}, SHA-256 ${run.modelSha256}`],
        ['GlobalAvailability', AUTHOR_MUST_STATE],
      ],
    ],
    [
      'ModelSummary',
      [
        [
          'Summary',
          `${aboutModel.title}: for each of ${findings.length} findings a calibrated probability and positive, negative or undecided.`,
        ],
        ['Keywords', findings.map((finding): Node => ['Keyword', finding])],
      ],
    ],
  ];
}

function uses({ about }: Evaluation, persons: string): Node[] {
  return [
    [
      'UsesAndDirections',
      [
        ['IntendedUseAndWorkflow', AUTHOR_MUST_STATE],
        ['PrimaryIntendedUsers', AUTHOR_MUST_STATE],
        ['HowToUse', `A reader sees every film; the model finalises nothing. ${AUTHOR_MUST_STATE}`],
        ['TargetedPatientPopulation', `${persons}. ${AUTHOR_MUST_STATE}`],
        [
          'CautionedOutOfScopeSettings',
          `Other films and ages are not assessed, and the reason is told. ${AUTHOR_MUST_STATE}`,
        ],
      ],
    ],
    [
      'Warnings',
      [
        ['KnownRisksAndLimitations', `${about.limits.join(' ')} ${AUTHOR_MUST_STATE}`.trim()],
        ['KnownBiasesOrEthicalConsiderations', AUTHOR_MUST_STATE],
        ['ClinicalRiskLevel', AUTHOR_MUST_STATE],
      ],
    ],
  ];
}

function trust({ aboutModel, about, run }: Evaluation, persons: string): Node[] {
  const { findings, pixels, calibrationMethod, errorRate } = aboutModel;
  return [
    [
      'TrustIngredients',
      [
        [
          'AISystemFacts',
          [
            ['OutcomesAndOutputs', `Per finding a probability and a decision: ${findings.join(', ')}`],
            [
              'ModelType',
              `Image classifier; calibration ${run.calibration} by ${calibrationMethod}, stated error rate ${errorRate}. ${AUTHOR_MUST_STATE}`,
            ],
            ['InputDataSource', persons],
            ['OutputAndInputDataTypes', `Input: ${pixels}. Output: probabilities from 0 to 1.`],
            ['DevelopmentDataCharacterization', AUTHOR_MUST_STATE],
            ['BiasMitigationApproaches', AUTHOR_MUST_STATE],
            ['OngoingMaintenance', AUTHOR_MUST_STATE],
          ],
        ],
        [
          'TransparencyInformation',
          [
            ['FundingSource', AUTHOR_MUST_STATE],
            ['ThirdPartyInformation', `Licence of the weights: ${aboutModel.licence}; of the films: ${about.licence}`],
            ['StakeholdersConsulted', AUTHOR_MUST_STATE],
          ],
        ],
      ],
    ],
  ];
}

/** In English, as the schema's readers expect. */
export function chaiCard(evaluation: Evaluation): string {
  const { modalities, views, ageYears } = evaluation.aboutModel;
  const persons = `Frontal chest films (${modalities.join(', ')}; ${views.join(', ') || 'any view'}) of persons from ${ageYears.minimum} to ${ageYears.maximum} years`;
  const nodes: readonly Node[] = [
    ...facts(evaluation),
    ...uses(evaluation, persons),
    ...trust(evaluation, persons),
    keyMetrics(evaluation),
    [
      'Resources',
      [
        ['PeerReviewedPublications', AUTHOR_MUST_STATE],
        ['PatientConsentOrDisclosure', AUTHOR_MUST_STATE],
      ],
    ],
    ['Bibliography', evaluation.about.citation === null ? '' : `@misc{data, title={${evaluation.about.citation}}}`],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<AppliedModelCard xmlns="${NAMESPACE}">`,
    ...nodes.map((node) => xml(node, 1)),
    '</AppliedModelCard>',
    '',
  ].join('\n');
}
