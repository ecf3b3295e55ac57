// Conditions of a person that count today. An established disease stays though it is over; a pregnancy has an end; a suspicion is neither a
// yes nor a no; what was refuted or entered in error never was.
import { DAY_MS } from '#kernel/clock.ts';
import type { Coding } from '#kernel/coding.ts';
import type { Condition } from '#kernel/condition.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { answerSetOf } from '#terminology/answers.ts';
import { conditionsOf, hasRunOut, isLasting } from '#terminology/conditions.ts';
import { latestMomentOf, momentOf } from '#terminology/moment.ts';
import { systemOf } from '#terminology/systems.ts';
import { SMOKING_STATUS } from '#terminology/value-sets/smoking-status.ts';
import type { RejectionCode } from '#risk/measure/feature.ts';
import type { AssessedPerson } from '#risk/measure/read.ts';
import { isImpossibleFor } from '#risk/measure/sex.ts';

export interface StatedConditions {
  /** Each concept that counts, under its own name, and codings of systems that are not known here, so that they are shown as not used. */
  readonly statements: readonly Measurement[];
  /** Codes of diagnoses that count neither as a yes nor as a no: only suspected, dated in the future, or not possible for the person's sex. */
  readonly unused: readonly { readonly code: string; readonly because: RejectionCode }[];
}

const NEVER: ReadonlySet<Condition['verification']> = new Set(['refuted', 'entered-in-error']);
const SUSPECTED: ReadonlySet<Condition['verification']> = new Set(['unconfirmed', 'provisional', 'differential']);
const OVER: ReadonlySet<Condition['clinical']> = new Set(['inactive', 'resolved', 'remission']);

/** Of an age at the onset: the day on which the person was a year older. A year or month of birth gives a year or month. */
function onsetOf({ onset, onsetYears }: Condition, birthDate: string | undefined): string | undefined {
  if (onset !== undefined || onsetYears === undefined || birthDate === undefined) return onset;
  const year = Number(birthDate.slice(0, 4)) + Math.floor(onsetYears) + 1;
  return `${year}${birthDate.slice(4)}`;
}

function isOver(condition: Condition, concept: string, { asOf, birthDate }: AssessedPerson): boolean {
  const { clinical, abated, abatement, codings, recorded } = condition;
  const ended = abatement !== undefined && latestMomentOf(abatement) <= asOf.getTime();
  const since = onsetOf(condition, birthDate) ?? recorded;
  return OVER.has(clinical) || abated === true || ended || hasRunOut(concept, { codings, since }, asOf);
}

/** Clocks differ, and a date alone is midnight somewhere. */
const isYetToCome = ({ onset }: Condition, { asOf }: AssessedPerson): boolean =>
  onset !== undefined && momentOf(onset) > asOf.getTime() + DAY_MS;

/** Why a diagnosis that states something is not used. */
function refusalOf(condition: Condition, concepts: readonly string[], view: AssessedPerson): RejectionCode | undefined {
  if (SUSPECTED.has(condition.verification)) return 'suspected';
  if (isYetToCome(condition, view)) return 'in-the-future';
  return concepts.every((concept) => isImpossibleFor(view.sex, concept)) ? 'other-sex' : undefined;
}

/** Of ICD-10 the category, so that a stroke of a kind that was not said is the same as one of another. */
const diseaseOf = ({ system, code }: Coding): string => {
  const known = systemOf(system);
  return `${known} ${known === 'icd-10' ? code.trim().slice(0, 3).toUpperCase() : code.trim()}`;
};

/** Those of a door and those that visits at other doors stated; what the door refutes was an error there too. */
export function withStated(own: readonly Condition[], stated: readonly Condition[]): readonly Condition[] {
  const refuted = new Set(
    own.filter(({ verification }) => NEVER.has(verification)).flatMap(({ codings }) => codings.map(diseaseOf)),
  );
  return [...own, ...stated.filter(({ codings }) => !codings.some((coding) => refuted.has(diseaseOf(coding))))];
}

/** A smoker is often recorded as a problem. Over, it says only that there is no such problem now. */
function smoking(condition: Condition, view: AssessedPerson): Measurement[] {
  const { codings, recorded, onset, source, verification } = condition;
  const coding = codings.find((one) => answerSetOf(one) === SMOKING_STATUS);
  if (coding === undefined || SUSPECTED.has(verification) || isOver(condition, '', view)) return [];
  const time = recorded ?? onset;
  return [
    {
      code: coding.code,
      system: coding.system,
      codings,
      value: true,
      ...(time === undefined ? {} : { time }),
      ...(source === undefined ? {} : { source }),
    },
  ];
}

/** Shown as not used: a code of a system that is not known here may mean anything. */
function foreign({ codings, source }: Condition): Measurement[] {
  const [first] = codings;
  if (first === undefined || codings.some(({ system }) => systemOf(system) !== undefined)) return [];
  const { code, system } = first;
  return [{ code, system, codings, value: true, ...(source === undefined ? {} : { source }) }];
}

export function statedConditions(conditions: readonly Condition[], view: AssessedPerson): StatedConditions {
  const unused = new Map<string, RejectionCode>();
  const statements = conditions
    .filter(({ verification }) => !NEVER.has(verification))
    .flatMap((condition): Measurement[] => {
      const concepts = conditionsOf(condition.codings);
      if (concepts.length === 0) return [...smoking(condition, view), ...foreign(condition)];
      const because = refusalOf(condition, concepts, view);
      if (because !== undefined) {
        unused.set(condition.codings[0]?.code ?? condition.text ?? '', because);
        return [];
      }
      return concepts
        .filter((concept) => !isImpossibleFor(view.sex, concept))
        .filter((concept) => isLasting(concept) || !isOver(condition, concept, view))
        .map((code) => ({
          code,
          value: true,
          ...(condition.source === undefined ? {} : { source: condition.source }),
        }));
    });
  return { statements, unused: [...unused].map(([code, because]) => ({ code, because })) };
}
