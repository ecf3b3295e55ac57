// Judges whether an equation applies to a person, with every reason, need, assumption and limit.
import type { Sentence } from '#kernel/errors.ts';
import { checkFaults, exclusionsOf } from '#risk/equation/exclusions.ts';
import { localDay } from '#kernel/local-time.ts';
import { momentOf } from '#terminology/moment.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { endsOf, rangeFault } from '#risk/input/value.ts';
import { valueIn, type Features } from '#risk/measure/feature.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import { numbersOf, type InputState, type InputStates } from './person.ts';
import type { EquationResult, FieldReason } from './result.ts';
import { compose, rangeText } from './words.ts';

export interface Judgement {
  readonly applicability: EquationResult['applicability'];
  readonly reasons: readonly FieldReason[];
  readonly needs: EquationResult['needs'];
  readonly assumptions: readonly Sentence[];
  readonly limits: readonly Sentence[];
}

export interface Subject {
  readonly features: Features;
  readonly states: InputStates;
  readonly registry: Registry;
  /** The caller asked for this equation by name: what is merely unstated is then assumed, and said so. */
  readonly named: boolean;
}

type Parts = Parameters<typeof compose>[1];

const reason = (code: string, field: string | null, parts: Parts): FieldReason => ({
  code: `risk.${code}`,
  field,
  text: compose(`risk.reason.${code}`, parts),
});

function flagOf(features: Features, concept: string): boolean | undefined {
  const feature = features.get(concept);
  return feature?.kind === 'flag' ? feature.value : undefined;
}

/** How an input that came, but of another moment, is named among the missing. */
function apartText(input: Input, state: InputState | undefined): Sentence | undefined {
  if (state?.kind !== 'missing' || state.because !== 'apart') return undefined;
  const { origin, hoursBefore = 0 } = state;
  const time = origin === undefined || origin.kind === 'stated' ? undefined : origin.time;
  const date = time === undefined ? '?' : localDay(new Date(momentOf(time)));
  return compose('risk.limit.apart', { title: input.title, date, hours: Math.round(hoursBefore) });
}

export function needOf(input: Input, registry: Registry, state?: InputState): EquationResult['needs'][number] {
  const codes = [...(registry.quantity(conceptOf(input))?.loinc ?? []), ...(input.codes ?? []).map(({ code }) => code)];
  return { name: input.name, title: apartText(input, state) ?? input.title, codes };
}

function personReasons({ data }: Equation, features: Features): FieldReason[] {
  const reasons: FieldReason[] = [];
  const { sex, ageYears } = data.population;
  const known = features.get('sex');
  if (sex !== undefined && known?.kind === 'code' && known.value !== sex)
    reasons.push(reason('wrong-sex', 'sex', { sex }));
  const age = features.get('age');
  if (ageYears !== undefined && (age?.kind === 'number' || age?.kind === 'bounds')) {
    const { minimum = -Infinity, below = Infinity } = ageYears;
    const [youngest, oldest] =
      age.kind === 'bounds' ? [age.low, age.high] : [valueIn(age, 'a', undefined), valueIn(age, 'a', undefined)];
    // Of a birth date that is a year alone one end may be too young or too old: then it cannot be told whether the equation holds.
    if (youngest < minimum || oldest >= below) reasons.push(reason('wrong-age', 'age', {}));
  }
  for (const { concept, holds, text } of data.population.premises) {
    const stated = flagOf(features, concept);
    if (stated !== undefined && stated !== holds) reasons.push(reason('premise-broken', concept, { text }));
  }
  return reasons;
}

/** A bounded value is outside a range where its whole interval is; an age already where a part of its interval is. */
function isOutside(
  input: Input,
  { low, high }: InputState & { kind: 'bounds' },
  [least, most]: readonly [number, number],
): boolean {
  return conceptOf(input) === 'age' ? low < least || high > most : high < least || low > most;
}

function rangeReason(input: Input, state: InputState): FieldReason | undefined {
  if (input.kind !== 'number' || state.kind === 'missing') return undefined;
  const [least, most] = endsOf(input);
  const fault =
    state.kind === 'given'
      ? rangeFault(input, state.x)
      : isOutside(input, state, [least, most])
        ? 'too-low'
        : undefined;
  if (fault === undefined) return undefined;
  if (fault === 'not-whole') return reason('not-whole', input.name, { title: input.title });
  const code = input.range.source === 'published' ? 'out-of-range' : 'implausible';
  return reason(code, input.name, { title: input.title, range: rangeText(input.range, input.unit) });
}

/** What is not used though it was sent. */
function unusedLimits(equation: Equation, states: InputStates): Sentence[] {
  return equation.data.inputs.flatMap((input): Sentence[] => {
    const state = states.get(input.name);
    if (state?.kind !== 'missing' || state.because === 'not-given') return [];
    if (state.because === 'not-a-level') return [compose('risk.limit.not-a-level', { title: input.title })];
    const apart = apartText(input, state);
    if (apart !== undefined) return [apart];
    const time = state.origin === undefined || state.origin.kind === 'stated' ? undefined : state.origin.time;
    return [
      compose('risk.limit.stale', {
        title: input.title,
        date: time?.slice(0, 10) ?? '?',
        days: state.limitDays ?? 0,
      }),
    ];
  });
}

const DECISION_SUPPORT = compose('alerts.limitation.decision-support', {});
const NOT_CROSS_CHECKED = compose('risk.limit.not-cross-checked', {});

/** The same for every person, so made once per equation's premise. */
const assumed = new WeakMap<Sentence, Sentence>();
function assumptionText(text: Sentence): Sentence {
  const made = assumed.get(text) ?? compose('risk.assumption', { text });
  assumed.set(text, made);
  return made;
}

function standingLimits({ data }: Equation): Sentence[] {
  return [
    ...data.limits,
    ...(data.vietNam.fit === 'not-validated' ? [data.vietNam.text] : []),
    ...(data.evidence.crossChecked === 'no' ? [NOT_CROSS_CHECKED] : []),
    DECISION_SUPPORT,
  ];
}

export function judge(equation: Equation, { features, states, registry, named }: Subject): Judgement {
  const { data } = equation;
  const numbers = numbersOf(states);
  const excluded = exclusionsOf(equation, numbers);
  const barred = excluded.filter(({ always }) => always || !named);
  const reasons: FieldReason[] = [
    ...personReasons(equation, features),
    ...data.inputs.flatMap((input) => {
      const found = rangeReason(input, states.get(input.name) ?? { kind: 'missing', because: 'not-given' });
      return found === undefined ? [] : [found];
    }),
    ...checkFaults(equation, numbers).map(({ field, text }) => reason('input-error', field, { text })),
    ...barred.map(({ code, text }) => reason('excluded', code, { text })),
  ];
  const limits = [
    ...excluded.filter((one) => !barred.includes(one)).map(({ text }) => text),
    ...unusedLimits(equation, states),
    ...standingLimits(equation),
  ];
  const unstated = data.population.premises.filter(({ concept }) => flagOf(features, concept) === undefined);
  const assumptions = unstated
    .filter(({ mustBeStated }) => named || !mustBeStated)
    .map(({ text }) => assumptionText(text));
  if (reasons.length > 0) return { applicability: 'not-applicable', reasons, needs: [], assumptions: [], limits };

  const isKnown = (input: Input): boolean => {
    const kind = states.get(input.name)?.kind;
    return kind === 'given' || (kind === 'bounds' && conceptOf(input) === 'age');
  };
  const core = data.inputs.filter((input) => input.core && !isKnown(input));
  const premises = named ? [] : unstated.filter(({ mustBeStated }) => mustBeStated);
  if (core.length + premises.length === 0)
    return { applicability: 'applicable', reasons: [], needs: [], assumptions, limits };
  return {
    applicability: 'needs',
    reasons: [
      ...core.map(({ name, title }) => reason('needs-input', name, { title })),
      ...premises.map(({ concept, text }) => reason('premise-unstated', concept, { text })),
    ],
    needs: [
      ...core.map((input) => needOf(input, registry, states.get(input.name))),
      ...premises.map(({ concept, text }) => ({ name: concept, title: text, codes: [] })),
    ],
    assumptions: [],
    limits,
  };
}
