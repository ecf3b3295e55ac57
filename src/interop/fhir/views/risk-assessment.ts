// A stored risk as a FHIR RiskAssessment: probabilities in percent (R4), ranges where inputs are missing, contributions as rationale.
import type { Assessment } from '#kernel/assessment.ts';
import type { Found } from '#kernel/record-search.ts';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { StoredAssessment } from '#interop/fhir/ports.ts';
import { asPercent, assertedMeta, quantity, type Resource } from '#interop/fhir/resources/resource.ts';
import { deviceReference } from './device.ts';
import { type RiskInput, type RiskOutput, type RiskResult, riskResultOf } from './risk-record.ts';
import { subjectOf, type ViewContext } from './view-context.ts';

/** Not assessed is not "low": R4 has a status for what was not done, and one for what is still to come. */
function statusOf({ outcome }: Assessment, predictions: number): 'preliminary' | 'cancelled' | 'registered' {
  if (outcome === 'failed') return 'registered';
  // With inputs missing there may still be a range.
  return outcome === 'assessed' || predictions > 0 ? 'preliminary' : 'cancelled';
}

const saysSomething = ({ value, interval, label }: RiskOutput): boolean =>
  value !== null || (interval ?? null) !== null || (label ?? null) !== null;

const isProbability = (unit: string): boolean => unit === '1' || unit === '%';
const inPercent = (unit: string, value: number): number => (unit === '1' ? asPercent(value) : value);

function probabilityOf({ unit, value, interval }: RiskOutput): object {
  if (!isProbability(unit)) return {};
  if (value !== null) return { probabilityDecimal: inPercent(unit, value) };
  if (interval === null || interval === undefined) return {};
  return {
    probabilityRange: {
      low: quantity(inPercent(unit, interval.lower), '%'),
      high: quantity(inPercent(unit, interval.upper), '%'),
    },
  };
}

/** Undefined where nothing is missing. */
function missingIn({ inputs }: RiskResult, language: Language): string | undefined {
  const missing = inputs.filter(({ state }) => state !== 'given').map(({ title }) => title[language]);
  return missing.length === 0 ? undefined : say(language, 'fhir.risk.missing', { inputs: missing.join('; ') });
}

function predictionOf(output: RiskOutput, rationale: readonly string[], context: ViewContext): object {
  const { language, systems } = context;
  const { categories, horizonYears } = output;
  return {
    outcome: { text: output.title[language] },
    ...probabilityOf(output),
    ...(categories.length > 0 && {
      qualitativeRisk: {
        coding: categories.map(({ code }) => ({ system: systems.codes.category, code })),
        text: categories.map(({ title }) => title[language]).join(' – '),
      },
    }),
    ...(horizonYears !== null &&
      horizonYears !== undefined && {
        whenRange: { low: quantity(0, 'a'), high: quantity(horizonYears, 'a') },
      }),
    rationale: [output.text[language], ...rationale].join('\n'),
  };
}

/** Computed at another door: only the share and the category were kept. */
function plainPrediction({ value, category, equationId }: Assessment, { systems }: ViewContext): readonly object[] {
  if (value === undefined && category === undefined) return [];
  return [
    {
      outcome: { text: equationId },
      ...(value !== undefined && value >= 0 && value <= 1 && { probabilityDecimal: asPercent(value) }),
      ...(category !== undefined && {
        qualitativeRisk: { coding: [{ system: systems.codes.category, code: category }], text: category },
      }),
    },
  ];
}

function basisOf(inputs: readonly RiskInput[], language: Language): readonly object[] {
  return inputs.flatMap(({ title, value, unit, origin }) => {
    if (value === null || value === undefined) return [];
    const time = origin?.time === undefined ? '' : ` (${origin.time})`;
    // As it was sent, where it was converted.
    const shown = origin?.sent ?? { value, unit };
    return [{ display: `${title[language]}: ${String(shown.value)}${shown.unit ? ` ${shown.unit}` : ''}${time}` }];
  });
}

function notesOf(result: RiskResult, language: Language): readonly string[] {
  return [
    ...result.reasons.map(({ text }) => text[language]),
    ...[missingIn(result, language)].filter((text) => text !== undefined),
    ...[...result.assumptions, ...result.limits].map((one) => one[language]),
    ...(result.licenceDuty ? [result.licenceDuty[language]] : []),
  ];
}

/** `result` is what the stored record holds; nothing is computed here but percent from shares. */
export function riskAssessmentView(found: Found<StoredAssessment>, context: ViewContext): Resource {
  const { assessment, alertIds } = found.item;
  const { language, systems } = context;
  const result = riskResultOf(assessment);
  const rationale = result?.explanation?.contributions.map(({ text }) => text[language]) ?? [];
  const predictions =
    result === undefined
      ? plainPrediction(assessment, context)
      : result.outputs.filter(saysSomething).map((output, at) => {
          // A range is read with the inputs that it waits for.
          const missing = (output.interval ?? null) === null ? undefined : missingIn(result, language);
          const first = at === 0 ? rationale : [];
          return predictionOf(output, missing === undefined ? first : [missing, ...first], context);
        });
  const basis = basisOf(result?.inputs ?? [], language);
  const notes = [...(result === undefined ? [] : notesOf(result, language))];
  return {
    resourceType: 'RiskAssessment',
    id: assessment.id,
    meta: assertedMeta(found),
    identifier: [
      { system: systems.assessment, value: assessment.id },
      ...alertIds.map((value) => ({ system: systems.alert, value })),
    ],
    status: statusOf(assessment, predictions.length),
    method: {
      coding: [
        {
          system: systems.codes.model,
          code: assessment.provenance.modelId,
          version: assessment.provenance.modelVersion,
        },
      ],
    },
    code: { text: result?.title[language] ?? assessment.equationId },
    subject: subjectOf(assessment.patientId, context),
    occurrenceDateTime: assessment.assessedAt,
    performer: deviceReference(assessment.provenance),
    ...(basis.length > 0 && { basis }),
    ...(predictions.length > 0 && { prediction: predictions }),
    note: [
      ...new Set([
        ...(predictions.length === 0 ? [say(language, 'fhir.risk.not-assessed')] : []),
        say(language, 'alerts.limitation.decision-support'),
        ...notes,
      ]),
    ].map((text) => ({ text })),
  };
}
