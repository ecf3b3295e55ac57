// Conditions of a person that count today. An established disease stays though it is over; a pregnancy has an end; a suspicion is neither a
// yes nor a no; what was refuted or entered in error never was.
import type { Coding } from '#kernel/coding.ts';
import type { Condition } from '#kernel/condition.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { conditionsOf, hasRunOut, isLasting } from '#terminology/conditions.ts';
import { latestMomentOf } from '#terminology/moment.ts';
import { systemOf } from '#terminology/systems.ts';

export interface StatedConditions {
  /** Each concept that counts, under its own name, and codings of systems that are not known here, so that they are shown as not used. */
  readonly statements: readonly Measurement[];
  /** Codes of diagnoses that are only suspected. */
  readonly suspected: readonly string[];
}

const NEVER: ReadonlySet<Condition['verification']> = new Set(['refuted', 'entered-in-error']);
const SUSPECTED: ReadonlySet<Condition['verification']> = new Set(['unconfirmed', 'provisional', 'differential']);
const OVER: ReadonlySet<Condition['clinical']> = new Set(['inactive', 'resolved', 'remission']);

function isOver(condition: Condition, concept: string, asOf: Date): boolean {
  const { clinical, abated, abatement } = condition;
  const ended = abatement !== undefined && latestMomentOf(abatement) <= asOf.getTime();
  return (
    OVER.has(clinical) || abated === true || ended || hasRunOut(concept, condition.onset ?? condition.recorded, asOf)
  );
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

/** Shown as not used: a code of a system that is not known here may mean anything. */
function foreign({ codings, source }: Condition): Measurement[] {
  const [first] = codings;
  if (first === undefined || codings.some(({ system }) => systemOf(system) !== undefined)) return [];
  const { code, system } = first;
  return [{ code, system, codings, value: true, ...(source === undefined ? {} : { source }) }];
}

export function statedConditions(conditions: readonly Condition[], asOf: Date): StatedConditions {
  const suspected = new Set<string>();
  const statements = conditions
    .filter(({ verification }) => !NEVER.has(verification))
    .flatMap((condition): Measurement[] => {
      const concepts = conditionsOf(condition.codings);
      if (concepts.length === 0) return foreign(condition);
      if (SUSPECTED.has(condition.verification)) {
        suspected.add(condition.codings[0]?.code ?? condition.text ?? '');
        return [];
      }
      return concepts
        .filter((concept) => isLasting(concept) || !isOver(condition, concept, asOf))
        .map((code) => ({
          code,
          value: true,
          ...(condition.source === undefined ? {} : { source: condition.source }),
        }));
    });
  return { statements, suspected: [...suspected] };
}
