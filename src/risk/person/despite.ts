// Severity that the values would give if the person's age, a pregnancy or a missing statement did not forbid the equation. It
// decides whether a refusal is worth telling; the number itself is never shown.
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { PatientQuestion, RiskRoom } from '#risk/assess/assess-patient.ts';
import type { EquationResult } from '#risk/assess/result.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import { PREGNANCY_RESULTS } from '#risk/measure/codes.ts';
import { codingsOf } from '#risk/measure/coding.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { answerSetOf } from '#terminology/answers.ts';
import { conditionsOf } from '#terminology/conditions.ts';
import { PREGNANCY_STATUS } from '#terminology/value-sets/pregnancy-status.ts';
import { ageOn } from './age.ts';
import { flagOf, intervalFlags } from './flag.ts';

const PREGNANCY = 'pregnancy';

const unstated = ({ data }: Equation) =>
  data.population.premises.filter((premise) => premise.tellWhenUnstated === true);

const isAboutPerson =
  (equation: Equation) =>
  ({ code, field }: EquationResult['reasons'][number]): boolean => {
    if (code === 'risk.wrong-age') return true;
    if (code === 'risk.premise-unstated') return unstated(equation).some(({ concept }) => concept === field);
    if (code === 'risk.premise-broken') return field === PREGNANCY;
    const input = field === null ? undefined : equation.inputs.get(field);
    return code === 'risk.out-of-range' && input !== undefined && conceptOf(input) === 'age';
  };

const OWN_NAMES: readonly string[] = [PREGNANCY, PREGNANCY_STATUS.name, ...PREGNANCY_RESULTS];

/** Under a diagnosis, as the answer to the question, as a length or a day of delivery, or by its own name. */
const isAboutPregnancy =
  (registry: Registry) =>
  (measurement: Measurement): boolean =>
    OWN_NAMES.includes(measurement.code) ||
    codingsOf(measurement).some((coding) => {
      if (answerSetOf(coding) === PREGNANCY_STATUS || conditionsOf([coding]).includes(PREGNANCY)) return true;
      const concept = registry.byCoding(coding);
      return concept !== undefined && PREGNANCY_RESULTS.some((name) => registry.byName(name) === concept);
    });

/** The age nearest to the person's for which the equation was made. */
function nearestAge({ data }: Equation, age: number): number {
  const { minimum = 0, below = Number.POSITIVE_INFINITY } = data.population.ageYears ?? {};
  const ranges = data.inputs.flatMap((input) =>
    input.kind === 'number' && conceptOf(input) === 'age' ? [input.range] : [],
  );
  const lows = ranges.map(({ minimum: least, above }) => least ?? (above ?? -1) + 1);
  const highs = ranges.map(({ maximum: most, below: under }) => most ?? (under ?? Number.POSITIVE_INFINITY) - 1);
  return Math.min(Math.max(age, minimum, ...lows), below - 1, ...highs);
}

/** Undefined where something else than age, pregnancy or such a statement stands against the equation, or where the values give nothing. */
export async function resultDespite(
  result: EquationResult,
  question: PatientQuestion,
  { room, facilityId }: { readonly room: RiskRoom; readonly facilityId: string },
): Promise<RiskFlag | undefined> {
  const equation = room.library.equations.get(result.equationId)?.equation;
  if (equation === undefined || result.applicability === 'applicable' || result.reasons.length === 0) return undefined;
  if (!result.reasons.every(isAboutPerson(equation))) return undefined;
  const { birthDate, ageYears, ...rest } = question;
  const age = birthDate === undefined ? ageYears : ageOn(birthDate, question.asOf).high;
  const isAbout = isAboutPregnancy(room.registry);
  const answer = await room.assessPatient({
    ...rest,
    ...(age === undefined ? {} : { ageYears: nearestAge(equation, age) }),
    measurements: [
      ...question.measurements.filter((one) => !isAbout(one)),
      ...result.reasons.flatMap(({ code, field }) =>
        code === 'risk.premise-unstated' && field !== null ? [{ code: field, value: true }] : [],
      ),
    ],
    conditions: (question.conditions ?? []).filter(({ codings }) => !conditionsOf(codings).includes(PREGNANCY)),
    equations: [result.equationId],
    explain: false,
    whatIf: [],
  });
  const [only] = answer.results;
  if (only === undefined) return undefined;
  return flagOf(only, facilityId) ?? intervalFlags(only, facilityId)?.lower;
}
