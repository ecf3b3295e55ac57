// The only path from a person's facts to what each equation answers: every door asks here, unasked only equations that fit Viet Nam.
import { createRiskRoom, type PatientQuestion, type RiskRoom } from '#risk/assess/assess-patient.ts';
import type { EquationResult, OutputShown } from '#risk/assess/result.ts';
import type { RiskLibrary } from '#risk/equation/library.ts';
import type { Rejected } from '#risk/measure/feature.ts';
import { isPossibleBirthDate } from './age.ts';
import { resultDespite } from './despite.ts';
import { fitsVietNam, flagOf, headlineOf, intervalFlags } from './flag.ts';
import type { RiskItem, RiskQuestion } from './risk-item.ts';

export function itemOf(result: EquationResult, facilityId: string): RiskItem {
  const flag = flagOf(result, facilityId);
  if (flag !== undefined) return { kind: 'assessed', flag, from: result };
  const headline = headlineOf(result);
  const ends = intervalFlags(result, facilityId);
  const { equationId, title, reasons, settledBy } = result;
  if (ends === undefined || headline === undefined) {
    const because = result.applicability === 'not-applicable' ? 'person' : 'inputs';
    return { kind: 'not-assessed', equationId, title, reasons, because };
  }
  const { lower, upper } = ends;
  const alike = lower.result.en === upper.result.en && lower.category?.code === upper.category?.code;
  if (alike) return { kind: 'assessed', flag: lower, from: result };
  const loinc = settledBy?.codes[0];
  return {
    kind: 'interval',
    range: headline.text,
    ...ends,
    from: result,
    missing: result.needs.map((need) => need.title),
    ...(settledBy?.settles ? { settledBy: { title: settledBy.title, ...(loinc === undefined ? {} : { loinc }) } } : {}),
  };
}

/** Every category of the answer is possible. */
function isWholeScale(
  { equationId, headline }: EquationResult,
  { categories }: OutputShown,
  library: RiskLibrary,
): boolean {
  const outputs = library.equations.get(equationId)?.equation.data.outputs ?? [];
  const all = outputs.find(({ name }) => name === headline)?.categories ?? [];
  return all.length > 1 && categories.length === all.length;
}

function openItem(item: RiskItem, result: EquationResult, library: RiskLibrary): RiskItem {
  const headline = headlineOf(result);
  if (item.kind !== 'interval' || headline === undefined || !isWholeScale(result, headline, library)) return item;
  return { ...item, isWholeScale: true };
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

/** The same question gets the same flags: their `sourceId` is derived from the inputs. A birth date that cannot be is left out. */
export function createRiskItems(library: RiskLibrary): (question: RiskQuestion) => Promise<readonly RiskItem[]> {
  const room = fittingRoom(library);
  return async ({ facilityId, patientCode, sex, birthDate, measurements, conditions, asOf }) => {
    const question: PatientQuestion = {
      patientCode,
      ...(sex === undefined ? {} : { sex }),
      ...(birthDate !== undefined && isPossibleBirthDate(birthDate, asOf) ? { birthDate } : {}),
      measurements,
      conditions,
      explain: true,
      whatIf: [],
      asOf,
    };
    const { results, rejected } = await room.assessPatient(question);
    const items: RiskItem[] = [];
    for (const result of results) {
      const item = openItem(itemOf(result, facilityId), result, library);
      const despite =
        item.kind === 'not-assessed' ? await resultDespite(result, question, { room, facilityId }) : undefined;
      items.push(item.kind === 'not-assessed' && despite !== undefined ? { ...item, despite } : item);
    }
    return [...items, ...unusable(rejected)];
  };
}
