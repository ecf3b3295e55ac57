// A question of another system (CDS Hooks, FHIR) comes in, flags and open intervals go out, of the equations that fit Viet Nam.
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import type { EquationResult } from '#risk/assess/result.ts';
import { fitsVietNam, flagOf, intervalFlags } from './flag.ts';
import type { Rejected } from '#risk/measure/feature.ts';
import type { RiskLibrary } from '#risk/equation/library.ts';
import type { RiskItem, RiskQuestion, RiskRecord } from './risk-item.ts';

const recordOf = (result: EquationResult): RiskRecord => ({
  inputs: Object.fromEntries(result.inputs.map((input) => [input.name, input])),
  result: { ...result },
});

function itemOf(result: EquationResult, facilityId: string): RiskItem {
  const flag = flagOf(result, facilityId);
  const record = recordOf(result);
  if (flag !== undefined) return { kind: 'assessed', flag, record };
  const ends = intervalFlags(result, facilityId);
  const { equationId, title, reasons, settledBy } = result;
  if (ends === undefined) return { kind: 'not-assessed', equationId, title, reasons };
  const loinc = settledBy?.codes[0];
  return {
    kind: 'interval',
    ...ends,
    record,
    missing: result.needs.map((need) => need.title),
    ...(settledBy?.settles ? { settledBy: { title: settledBy.title, ...(loinc === undefined ? {} : { loinc }) } } : {}),
  };
}

/** Only the equations that are told unasked are run: more than half of the work would be thrown away. */
function fittingRoom(library: RiskLibrary): RiskRoom {
  const fitting = [...library.equations].filter(([, { equation }]) => fitsVietNam(equation.data));
  return createRiskRoom({ ...library, equations: new Map(fitting) });
}

/** A code that no equation knows is no fault: most of a laboratory's results are such. */
const unusable = (rejected: readonly Rejected[]): RiskItem[] =>
  rejected
    .filter(({ reason }) => reason.code !== 'risk.unknown-code')
    .map(({ code, reason }) => ({ kind: 'unusable', code, reason }));

/** The same question gets the same flags: their `sourceId` is derived from the inputs. A birth date that is no whole day is left out. */
export function createRiskItems(library: RiskLibrary): (question: RiskQuestion) => Promise<readonly RiskItem[]> {
  const room = fittingRoom(library);
  return async (question) => {
    const { facilityId, patientCode, sex, birthDate, measurements, problems, asOf } = question;
    const whole = birthDate !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(birthDate);
    const { results, rejected } = await room.assessPatient({
      patientCode,
      ...(sex === undefined ? {} : { sex }),
      ...(whole ? { birthDate } : {}),
      measurements: [...measurements, ...problems.map(({ code, system }) => ({ code, system, value: true }))],
      explain: true,
      whatIf: [],
      asOf,
    });
    return [...results.map((result) => itemOf(result, facilityId)), ...unusable(rejected)];
  };
}
