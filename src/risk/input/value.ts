// Reads one input as its sender wrote it; nothing is coerced or clamped.
import { riskErrors } from '#risk/errors.ts';
import type { Input, NumberInput } from '#risk/equation/schema.ts';

/** As it stands in JSON: a number in the input's own unit, yes or no, or a level's code. */
export type InputValue = number | boolean | string;

const refuse = (field: string, reason: string) =>
  riskErrors.error('bad-input', { field, reason: `${field}: ${reason}` });

function readNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(field, 'expected a number');
  return value;
}

function readBoolean(value: unknown, field: string): number {
  // 1 and 0 are how the published tables write yes and no.
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw refuse(field, 'expected true or false');
}

function readLevel(input: Extract<Input, { kind: 'coded' }>, value: unknown, field: string): number {
  const code = typeof value === 'number' ? String(value) : value;
  const at = input.levels.findIndex((level) => level.code === code || level.also?.some((other) => other === code));
  if (at < 0) throw refuse(field, `expected one of ${input.levels.map((level) => level.code).join(', ')}`);
  return at;
}

/** Throws CareError `risk.bad-input` naming the field. Ranges are judged elsewhere: outside a range is an answer, not a fault. */
export function readInput(input: Input, value: unknown, field: string): number {
  switch (input.kind) {
    case 'number':
      return readNumber(value, field);
    case 'boolean':
      return readBoolean(value, field);
    case 'coded':
      return readLevel(input, value, field);
    default:
      return input satisfies never;
  }
}

/** The same back: what a reader of the result sees. */
export function plainValue(input: Input, x: number): InputValue {
  if (input.kind === 'boolean') return x === 1;
  if (input.kind === 'coded') return input.levels[x]?.code ?? '';
  return x;
}

/** The number of a cell of text, as a table brings it. Throws CareError `risk.bad-input`. */
export function readCell(input: Input, text: string, field: string): number {
  if (input.kind === 'coded') return readLevel(input, text, field);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
    const yes = input.kind === 'boolean' && /^(true|false)$/i.test(text);
    if (!yes) throw refuse(field, input.kind === 'boolean' ? 'expected 0 or 1' : 'expected a number');
    return Number(/^true$/i.test(text));
  }
  return readInput(input, Number(text), field);
}

export type RangeFault = 'too-low' | 'too-high' | 'not-whole';

export function rangeFault({ range, whole, special }: NumberInput, x: number): RangeFault | undefined {
  if (special?.some(({ value }) => value === x)) return undefined;
  if (x < (range.minimum ?? -Infinity) || x <= (range.above ?? -Infinity)) return 'too-low';
  if (x > (range.maximum ?? Infinity) || x >= (range.below ?? Infinity)) return 'too-high';
  return whole && !Number.isInteger(x) ? 'not-whole' : undefined;
}

const BIT = 2 ** -40;

/** The least and the greatest number that the range holds (where a limit is left out: a hair inside). */
export function endsOf({ range, whole }: NumberInput): readonly [number, number] {
  const hair = (limit: number): number => (whole ? 1 : Math.max(Math.abs(limit), 1) * BIT);
  const low = range.minimum ?? (range.above ?? 0) + hair(range.above ?? 0);
  const high = range.maximum ?? (range.below ?? 0) - hair(range.below ?? 0);
  return [low, high];
}
