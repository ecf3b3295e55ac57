// Gives an equation what it sees of a person: a number, bounds, or nothing, each with its origin.
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { momentOf } from '#terminology/moment.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { readInput } from '#risk/input/value.ts';
import { timeOf, valueIn, type Feature, type Features, type Origin } from '#risk/measure/feature.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';

export type InputState =
  | { readonly kind: 'given'; readonly x: number; readonly origin: Origin }
  | { readonly kind: 'bounds'; readonly low: number; readonly high: number; readonly origin: Origin }
  | {
      readonly kind: 'missing';
      /**
       * `stale`: there is one, but too old; `apart`: there is one, but of another moment than the rest; `not-a-level`: there is one
       * that this equation does not know.
       */
      readonly because: 'not-given' | 'stale' | 'apart' | 'not-a-level';
      readonly origin?: Origin;
      readonly limitDays?: number;
      /** Of `apart`: how long before the newest of the values that belong together. */
      readonly hoursBefore?: number;
    };

export type InputStates = ReadonlyMap<string, InputState>;

/** A person is of the age of their last birthday, so an equation for whole years sees whole years. */
const completed = (input: Input, x: number): number =>
  input.kind === 'number' && input.whole && conceptOf(input) === 'age' ? Math.floor(x) : x;

function seen(input: Input, feature: Feature, registry: Registry): InputState {
  const { origin } = feature;
  const unusable: InputState = { kind: 'missing', because: 'not-a-level', origin };
  if (input.kind === 'number') {
    const own = registry.quantity(conceptOf(input));
    if (feature.kind === 'number') {
      const x = valueIn(feature, input.unit, own);
      return Number.isNaN(x) ? unusable : { kind: 'given', x: completed(input, x), origin };
    }
    if (feature.kind !== 'bounds' || own === undefined) return unusable;
    const inUnit = (value: number) => valueIn({ kind: 'number', value, unit: own.unit, origin }, input.unit, own);
    const [low, high] = [inUnit(feature.low), inUnit(feature.high)];
    return Number.isNaN(low + high) ? unusable : { kind: 'bounds', low, high, origin };
  }
  if (feature.kind === 'flag' && input.kind === 'boolean') return { kind: 'given', x: Number(feature.value), origin };
  if (feature.kind !== 'code' || input.kind !== 'coded') return unusable;
  const known = input.levels.some(({ code, also }) => code === feature.value || also?.includes(feature.value));
  return known ? { kind: 'given', x: readInput(input, feature.value, input.name), origin } : unusable;
}

export interface Viewpoint {
  readonly registry: Registry;
  /** The moment for which the person is assessed. */
  readonly asOf: Date;
}

function statesAlone(equation: Equation, features: Features, { registry, asOf }: Viewpoint): InputStates {
  return new Map(
    equation.data.inputs.map((input): [string, InputState] => {
      const concept = conceptOf(input);
      const feature = features.get(concept);
      if (feature === undefined) return [input.name, { kind: 'missing', because: 'not-given' }];
      const limitDays = input.maximumAgeDays ?? registry.quantity(concept)?.maximumAgeDays;
      const time = timeOf(feature);
      const ageDays = time === undefined ? 0 : (asOf.getTime() - momentOf(time)) / DAY_MS;
      if (limitDays !== undefined && ageDays > limitDays) {
        return [input.name, { kind: 'missing', because: 'stale', origin: feature.origin, limitDays }];
      }
      return [input.name, seen(input, feature, registry)];
    }),
  );
}

const takenAt = (state: InputState | undefined): number => {
  if (state === undefined || state.kind === 'missing' || state.origin.kind === 'stated') return Number.NaN;
  return momentOf(state.origin.time ?? '');
};

/** A score of vital signs describes one moment: a value of another moment counts as missing, and says so. */
function oneMoment(equation: Equation, states: InputStates): InputStates {
  const { together } = equation.data;
  if (together === undefined) return states;
  const times = together.inputs.map((name) => takenAt(states.get(name))).filter((time) => !Number.isNaN(time));
  const newest = Math.max(...times);
  return new Map(
    [...states].map(([name, state]): [string, InputState] => {
      const hoursBefore = together.inputs.includes(name) ? (newest - takenAt(state)) / HOUR_MS : Number.NaN;
      if (state.kind === 'missing' || !(hoursBefore > together.hours)) return [name, state];
      return [name, { kind: 'missing', because: 'apart', origin: state.origin, hoursBefore }];
    }),
  );
}

export const statesOf = (equation: Equation, features: Features, viewpoint: Viewpoint): InputStates =>
  oneMoment(equation, statesAlone(equation, features, viewpoint));

/** By input name; NaN where there is no number. */
export const numbersOf = (states: InputStates): Record<string, number> =>
  Object.fromEntries([...states].map(([name, state]) => [name, state.kind === 'given' ? state.x : Number.NaN]));
