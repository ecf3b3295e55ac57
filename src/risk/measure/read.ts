// Measurements as they were sent become features: the latest usable one of each quantity. Unused ones are kept beside, with the reason,
// because a value that vanishes in silence reads as "was never measured".
import { DAY_MS } from '#kernel/clock.ts';
import type { RiskSubject } from '#kernel/risk-subject.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { latestOf } from './latest.ts';
import { readNumber } from '#terminology/number.ts';
import { momentOf } from '#terminology/moment.ts';
import { convertUnit, ucumOf } from '#terminology/units.ts';
import { readFlag, statedBy } from '#terminology/answers.ts';
import { conditionsOf, hasRunOut, isDiagnosis, isLasting } from '#terminology/conditions.ts';
import type { AnswerSet } from '#terminology/value-sets/answer-set.ts';
import type { QuantityRow } from './codes.ts';
import { codingsOf, isOwn } from './coding.ts';
import { pregnancyDueOn, pregnancyOfWeeks } from './pregnancy.ts';
import { isImpossibleFor } from './sex.ts';
import {
  rejection,
  valueIn,
  type Feature,
  type Features,
  type Origin,
  type Rejected,
  type RejectionCode,
} from './feature.ts';
import type { Concept, Registry } from './registry.ts';

export interface ReadMeasurements {
  readonly features: Features;
  readonly rejected: readonly Rejected[];
}

type ReadFeatures = readonly (readonly [concept: string, feature: Feature])[];
type Refused = { readonly refused: RejectionCode; readonly part?: 'code' | 'value' | 'unit' | 'time' };

/** Clocks differ, and a date alone is midnight somewhere: what is dated later than this is an error. */
const FUTURE_MS = DAY_MS;

/** The UCUM unit that was meant, and the value in the quantity's own. */
function readUnit(value: number, sent: string, row: QuantityRow): { unit: string; own: number } | Refused {
  const known = ucumOf(sent);
  if (known === undefined) return { refused: 'unknown-unit', part: 'unit' };
  const unit = row.sameUnits?.includes(known) ? row.unit : known;
  const own = convertUnit(value, { from: unit, to: row.unit }, row);
  return own === undefined ? { refused: 'wrong-unit', part: 'unit' } : { unit, own };
}

function readQuantity(measurement: Measurement, row: QuantityRow, origin: Origin): Feature | Refused {
  const read = readNumber(measurement.value);
  if (read === undefined) return { refused: 'not-a-number', part: 'value' };
  const unitless = /^(1|\{[^}]*\})$/.test(row.unit);
  if (measurement.unit === undefined && !unitless) return { refused: 'missing-unit', part: 'unit' };
  const inUnit = readUnit(read.value, measurement.unit ?? row.unit, row);
  if ('refused' in inUnit) return inUnit;
  const { unit, own } = inUnit;
  const comparator = measurement.comparator ?? read.comparator;
  const [low, high] = row.plausible;
  if (own < low || own > high) return { refused: 'implausible', part: 'value' };
  if (comparator === undefined) {
    const sent = origin.kind === 'measured' ? { ...origin, sent: { value: read.value, unit } } : origin;
    return { kind: 'number', value: read.value, unit, halfStep: read.halfStep, origin: sent };
  }
  return comparator.startsWith('<')
    ? { kind: 'bounds', low, high: own, origin }
    : { kind: 'bounds', low: own, high, origin };
}

/** Undefined where no coding names a quantity that is read here. */
function conceptOf(measurement: Measurement, registry: Registry): Concept | undefined {
  const found = codingsOf(measurement).flatMap((coding) => registry.byCoding(coding) ?? []);
  return found[0] ?? (isOwn(measurement) ? registry.byName(measurement.code) : undefined);
}

/** The code means something here, but not in the system in which it was sent. */
const isKnownElsewhere = ({ code }: Measurement, registry: Registry): boolean => {
  const bare: Measurement = { code, value: true };
  return conditionsOf(codingsOf(bare)).length > 0 || conceptOf(bare, registry) !== undefined;
};

function unknownCode(measurement: Measurement, registry: Registry): Refused {
  const foreign = !isOwn(measurement) && isKnownElsewhere(measurement, registry);
  return { refused: foreign ? 'unknown-system' : 'unknown-code', part: 'code' };
}

type MeasuredOrigin = Origin & { readonly kind: 'measured' };

interface Context {
  readonly registry: Registry;
  readonly origin: MeasuredOrigin;
  readonly asOf: Date;
}

function readAnswer(
  measurement: Measurement,
  set: AnswerSet,
  { registry, origin, asOf }: Context,
): ReadFeatures | Refused {
  const { time } = measurement;
  const ageDays = time === undefined ? 0 : (asOf.getTime() - momentOf(time)) / DAY_MS;
  if (set.validDays !== undefined && ageDays > set.validDays) return [];
  if (measurement.unit !== undefined)
    for (const name of set.quantities ?? []) {
      const row = registry.quantity(name);
      const feature = row === undefined ? undefined : readQuantity(measurement, row, origin);
      if (feature !== undefined && !('refused' in feature)) return [[name, feature]];
    }
  const states = statedBy(set, measurement, codingsOf(measurement));
  if (states === undefined) return { refused: 'unknown-answer', part: 'value' };
  return Object.entries(states).map(
    ([name, value]) =>
      [name, typeof value === 'string' ? { kind: 'code', value, origin } : { kind: 'flag', value, origin }] as const,
  );
}

function readOne(measurement: Measurement, { registry, origin, asOf }: Context): ReadFeatures | Refused {
  const codings = codingsOf(measurement);
  const stated = conditionsOf(codings);
  if (stated.length > 0) {
    const present = readFlag(measurement);
    if (present === undefined) return { refused: 'not-a-flag', part: 'value' };
    // "No such code in the record" says nothing about the person, so only a yes is a statement.
    if (!present) return [];
    return stated
      .filter((concept) => isLasting(concept) || !hasRunOut(concept, { codings, since: measurement.time }, asOf))
      .map((concept) => [concept, { kind: 'flag', value: true, origin }] as const);
  }
  // A diagnosis that a system sent and that no equation asks for is no fault, as in a FHIR Condition.
  if (!isOwn(measurement) && measurement.value === true && isDiagnosis(codings)) return [];
  const concept = conceptOf(measurement, registry);
  switch (concept?.kind) {
    case undefined:
      return unknownCode(measurement, registry);
    case 'number': {
      const feature = readQuantity(measurement, concept.row, origin);
      if ('refused' in feature) return feature;
      const isWeeks = concept.row.concept === 'gestational_age' && feature.kind === 'number';
      if (isWeeks) return pregnancyOfWeeks(valueIn(feature, 'wk', concept.row), { origin, asOf });
      return [[concept.row.concept, feature]];
    }
    case 'delivery-date':
      return pregnancyDueOn(String(measurement.value), { origin, asOf }) ?? { refused: 'implausible', part: 'value' };
    case 'flag': {
      const value = readFlag(measurement);
      return value === undefined
        ? { refused: 'not-a-flag', part: 'value' }
        : [[concept.concept, { kind: 'flag', value, origin }]];
    }
    case 'coded':
      return [[concept.concept, { kind: 'code', value: String(measurement.value), origin }]];
    case 'answered':
      return readAnswer(measurement, concept.set, { registry, origin, asOf });
    default:
      return concept satisfies never;
  }
}

/** Undefined where all that a measurement states is impossible for the person. */
function possibleIn(read: ReadFeatures, sex: AssessedPerson['sex']): ReadFeatures | undefined {
  const possible = read.filter(
    ([concept, feature]) => !(isImpossibleFor(sex, concept) && feature.kind === 'flag' && feature.value),
  );
  return possible.length === 0 && read.length > 0 ? undefined : possible;
}

/** The person, and the moment for which the risks are assessed: both decide which facts count. */
export interface AssessedPerson extends Pick<RiskSubject, 'sex' | 'birthDate'> {
  readonly asOf: Date;
}

export function readMeasurements(
  measurements: readonly Measurement[],
  registry: Registry,
  { asOf, sex }: AssessedPerson,
): ReadMeasurements {
  const rejected: Rejected[] = [];
  const found: (readonly [string, Feature])[] = [];
  const reject = (index: number, { refused, part = 'code' }: Refused): void => {
    rejected.push({
      index,
      field: `measurements.${index}.${part}`,
      code: measurements[index]?.code ?? '',
      reason: rejection(refused),
    });
  };
  for (const [index, measurement] of measurements.entries()) {
    const { code, time, source } = measurement;
    const at = time === undefined ? undefined : momentOf(time);
    if (at !== undefined && Number.isNaN(at)) {
      reject(index, { refused: 'unreadable-time', part: 'time' });
      continue;
    }
    if (at !== undefined && at > asOf.getTime() + FUTURE_MS) {
      reject(index, { refused: 'in-the-future', part: 'time' });
      continue;
    }
    const origin: MeasuredOrigin = {
      kind: 'measured',
      index,
      code,
      ...(time === undefined ? {} : { time }),
      ...(source === undefined ? {} : { source }),
    };
    const read = readOne(measurement, { registry, origin, asOf });
    if ('refused' in read) {
      reject(index, read);
      continue;
    }
    const possible = possibleIn(read, sex);
    if (possible === undefined) reject(index, { refused: 'other-sex' });
    else found.push(...possible);
  }
  return {
    features: latestOf(found, registry, (index) => reject(index, { refused: 'conflicting', part: 'value' })),
    rejected: rejected.sort((a, b) => a.index - b.index),
  };
}
