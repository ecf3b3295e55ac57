// The card and the checklists that a run fills in: the shape that the schema asks for, and nothing claimed that only the author knows.
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { AUTHOR_MUST_STATE, chaiCard } from '#research/report/chai-card.ts';
import { checklistMarkdown, ticked } from '#research/report/checklists.ts';
import type { Evaluation } from '#research/report/evaluation.ts';

const figure = (metric: string, value: number | null) => ({
  source: 'ours',
  finding: 'Effusion & <fluid>',
  metric,
  value,
  lower: value === null ? null : value - 0.1,
  upper: value === null ? null : value + 0.1,
  n: 100,
  positives: 20,
});

const evaluation: Evaluation = {
  model: 'net',
  dataset: 'films',
  split: 'test',
  figures: [figure('auroc', 0.8), figure('ece', 0.05), figure('auprc', null)],
  run: {
    date: '2026-03-01T00:00:00.000Z',
    program: 'haidang 0.1.0',
    modelVersion: '4',
    modelSha256: 'a'.repeat(64),
    precision: 'fp32',
    provider: 'cpu',
    calibration: 'c1',
    datasetId: 'films',
    splitSha256: 'b'.repeat(64),
    films: 100,
    patients: 60,
    refusedFilms: 3,
    refusedRows: 1,
    replicates: 1000,
    seed: 1,
    seconds: 10,
    filmsPerSecond: 10,
  },
  about: { title: 'Films', source: 'ours', licence: 'CC0', citation: null, limits: ['Small.'], namesPatients: true },
  aboutModel: {
    title: 'Net',
    licence: 'MIT',
    findings: ['Effusion'],
    modalities: ['DX'],
    views: ['PA'],
    ageYears: { minimum: 18, maximum: 100 },
    pixels: '224 × 224, 1 channel(s)',
    calibrationMethod: 'platt',
    errorRate: 0.1,
  },
  analyses: [],
  refusals: { 'preread.lateral': 3 },
  faults: [],
};

/** As v0.2/schema.xsd of coalition-for-health-ai/mc-schema has them, in order; `?` where it may be left out. */
const SEQUENCES: Readonly<Record<string, string>> = {
  AppliedModelCard:
    'BasicInfo ReleaseInfo ModelSummary UsesAndDirections Warnings TrustIngredients KeyMetrics Resources Bibliography',
  BasicInfo: 'ModelName ModelDeveloper DeveloperContact',
  ReleaseInfo: 'ReleaseStage ReleaseDate ReleaseVersion GlobalAvailability EHRCompatibility? RegulatoryApproval?',
  ModelSummary: 'Summary Keywords',
  UsesAndDirections:
    'IntendedUseAndWorkflow PrimaryIntendedUsers HowToUse TargetedPatientPopulation CautionedOutOfScopeSettings',
  Warnings: 'KnownRisksAndLimitations KnownBiasesOrEthicalConsiderations ClinicalRiskLevel',
  TrustIngredients: 'AISystemFacts TransparencyInformation',
  AISystemFacts:
    'OutcomesAndOutputs ModelType FoundationModels? InputDataSource OutputAndInputDataTypes DevelopmentDataCharacterization BiasMitigationApproaches OngoingMaintenance Security? Transparency?',
  TransparencyInformation: 'FundingSource ThirdPartyInformation? StakeholdersConsulted',
  KeyMetrics: 'UsefulnessUsabilityEfficacy FairnessEquity SafetyReliability',
  Resources:
    'EvaluationReferences? ClinicalTrial? PeerReviewedPublications ReimbursementStatus? PatientConsentOrDisclosure',
  MetricResult: 'Label ValueJson',
  ...Object.fromEntries(
    ['UsefulnessUsabilityEfficacy', 'FairnessEquity', 'SafetyReliability'].map((name) => [
      name,
      'MetricGoal Results Interpretation TestType TestingDataDescription ValidationProcessAndJustification',
    ]),
  ),
};

type Parsed = Readonly<Record<string, readonly Parsed[]>>;
const nameOf = (node: Parsed): string => Object.keys(node).find((key) => key !== ':@') ?? '';

function* outOfPlace(node: Parsed): Generator<string> {
  const name = nameOf(node);
  const children = (node[name] ?? []).filter((child) => nameOf(child) !== '#text');
  const sequence = SEQUENCES[name];
  if (sequence !== undefined) {
    const pattern = new RegExp(
      `^${sequence
        .split(' ')
        .map((each) => (each.endsWith('?') ? `(?:${each.slice(0, -1)} )?` : `${each} `))
        .join('')}$`,
    );
    const got = children.map((child) => `${nameOf(child)} `).join('');
    if (!pattern.test(got)) yield `${name}: ${got}`;
  }
  for (const child of children) yield* outOfPlace(child);
}

test('the card has the elements of CHAI v0.2 in their order, each figure with its interval', () => {
  const card = chaiCard(evaluation);
  const parsed: readonly Parsed[] = new XMLParser({ preserveOrder: true }).parse(card);
  const root = parsed.find((node) => nameOf(node) === 'AppliedModelCard');
  expect(root).toBeDefined();
  expect([...outOfPlace(root ?? {})]).toEqual([]);
  expect(card).toContain('xmlns="https://mc.chai.org/v0.2/schema.xsd"');
  expect(card).toContain('Effusion &amp; &lt;fluid&gt;');
  const values = [...card.matchAll(/<ValueJson>(.*)<\/ValueJson>/g)].map(([, text]) =>
    JSON.parse((text ?? '').replaceAll('&quot;', '"')),
  );
  expect(values).toEqual([
    { kind: 'estimate_ci', estimate: 0.8, lower: 0.7000000000000001, upper: 0.9, level: 95 },
    { kind: 'text', value: AUTHOR_MUST_STATE },
    { kind: 'estimate_ci', estimate: 0.05, lower: -0.05, upper: 0.15000000000000002, level: 95 },
  ]);
  for (const only of ['ModelDeveloper', 'FundingSource', 'IntendedUseAndWorkflow', 'DevelopmentDataCharacterization'])
    expect(card).toContain(`<${only}>${AUTHOR_MUST_STATE}</${only}>`);
});

test('the checklists have every item of the guideline once, and say what only the author knows', () => {
  expect(ticked('CLAIM 2024', evaluation).map(({ item }) => item)).toEqual(
    Array.from({ length: 44 }, (_, at) => String(at + 1)),
  );
  const items = ticked('TRIPOD+AI', evaluation);
  expect([...new Set(items.map(({ item }) => Number.parseInt(item, 10)))]).toEqual(
    Array.from({ length: 27 }, (_, at) => at + 1),
  );
  expect(new Set(items.map(({ item }) => item)).size).toBe(items.length);
  const text = checklistMarkdown('TRIPOD+AI', evaluation);
  expect(text).toContain('100 films of 60 patients; 1 rows and 3 films refused; preread.lateral: 3');
  expect(text).toContain(`| 17 | Ethical approval | ${AUTHOR_MUST_STATE} |`);
});
