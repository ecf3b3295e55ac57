// Writes results, contributions and changes as sentences in both languages.
import type { Sentence } from '#kernel/errors.ts';
import { both, say, sentence } from '#messages/say.ts';
import type { Input, Output, Range } from '#risk/equation/schema.ts';

type Manner = 'percent' | 'points' | 'unit';

const mannerOf = (unit: string): Manner =>
  unit === '1' || unit === '%' ? 'percent' : unit === '{score}' ? 'points' : 'unit';

/** A probability is read in percent. */
const scaled = (unit: string, value: number): number => (unit === '1' ? value * 100 : value);

/** UCUM as it is printed; years and counts are in the titles already. */
const PRINTED: Readonly<Record<string, string | Sentence>> = {
  'mm[Hg]': 'mmHg',
  'kg/m2': 'kg/m²',
  'mL/min/{1.73_m2}': { vi: 'ml/phút/1,73 m²', en: 'mL/min/1.73 m²' },
  'mL/min': { vi: 'ml/phút', en: 'mL/min' },
  'L/min': { vi: 'l/phút', en: 'L/min' },
  '10*9/L': '×10⁹/L',
  '10*3/uL': '×10³/µL',
  Cel: '°C',
  '[degF]': '°F',
  '{copies}/mL': { vi: 'bản sao/ml', en: 'copies/mL' },
  'umol/L': 'µmol/L',
  '[IU]/L': 'IU/L',
  '/min': { vi: 'lần/phút', en: '/min' },
};
const BARE = new Set(['a', '1', '{count}', '{index}', '{group}', '/d', '{score}']);
function printedUnit(unit: string): Sentence {
  const printed = BARE.has(unit) ? '' : (PRINTED[unit] ?? unit);
  return typeof printed === 'string' ? { vi: printed, en: printed } : printed;
}

const trimmed = ({ vi, en }: Sentence): Sentence => ({ vi: vi.trim(), en: en.trim() });

/** Made once: a formatter costs as much as a whole answer. */
const formatters = (digits: Pick<Intl.NumberFormatOptions, 'minimumFractionDigits' | 'maximumFractionDigits'>) => {
  const vi = new Intl.NumberFormat('vi-VN', digits);
  const en = new Intl.NumberFormat('en-GB', digits);
  return (value: number): Sentence => ({ vi: vi.format(value), en: en.format(value) });
};
const oneDecimal = formatters({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const upToTwo = formatters({ maximumFractionDigits: 2 });
const upToFour = formatters({ maximumFractionDigits: 4 });
const numberText = (manner: Manner, value: number): Sentence => (manner === 'percent' ? oneDecimal : upToTwo)(value);

/** `12,3 %`, `138 mmHg`: a number and its unit are written alike in both languages. */
const withUnit = ({ vi, en }: Sentence, unit: Sentence): Sentence =>
  trimmed({ vi: `${vi} ${unit.vi}`, en: `${en} ${unit.en}` });

const PERCENT: Sentence = { vi: '%', en: '%' };

export function amountText(unit: string, value: number): Sentence {
  const manner = mannerOf(unit);
  const number = numberText(manner, scaled(unit, value));
  if (manner === 'points') return compose('risk.value.points', { value: number, count: value });
  return withUnit(number, manner === 'percent' ? PERCENT : printedUnit(unit));
}

export function outputText(output: Output, value: number): Sentence {
  const label = output.labels?.[value];
  return label === undefined ? amountText(output.unit, value) : { vi: label, en: label };
}

/** Rounded outward: what is printed never promises more than what was computed. */
export function intervalText(unit: string, lower: number, upper: number): Sentence {
  const manner = mannerOf(unit);
  const steps = manner === 'percent' ? 10 : 100;
  // A hair is given, or the rounding of 0.1 × 10 would push an exact limit outward by a whole step.
  const down = Math.floor(scaled(unit, lower) * steps + 1e-9) / steps;
  const up = Math.ceil(scaled(unit, upper) * steps - 1e-9) / steps;
  const parts = { lower: numberText(manner, down), upper: numberText(manner, up), unit: printedUnit(unit) };
  return trimmed(compose(`risk.interval.${manner}`, parts));
}

export function differenceText(unit: string, difference: number): Sentence {
  const manner = mannerOf(unit);
  const value = scaled(unit, Math.abs(difference));
  const number = numberText(manner, value);
  if (manner === 'unit') return withUnit(number, printedUnit(unit));
  return compose(`risk.difference.${manner}`, { value: number, count: value });
}

const YES = sentence('risk.yes');
const NO = sentence('risk.no');
const UNKNOWN = sentence('risk.unknown');

/** The value of an input: `138 mmHg`, `yes`, a level's title. */
export function valueText(input: Input, x: number): Sentence {
  if (Number.isNaN(x)) return UNKNOWN;
  if (input.kind === 'boolean') return x === 1 ? YES : NO;
  if (input.kind === 'coded') return input.levels[x]?.title ?? UNKNOWN;
  const special = input.special?.find(({ value }) => value === x);
  return special?.title ?? withUnit(upToTwo(x), printedUnit(input.unit));
}

/** A number of a laboratory, as it was sent. */
export const sentText = (value: number, unit: string): Sentence => withUnit(upToFour(value), printedUnit(unit));

export function rangeText(range: Range, unit: string): Sentence {
  const low = range.minimum ?? range.above ?? 0;
  const high = range.maximum ?? range.below ?? 0;
  const key =
    range.minimum === undefined
      ? range.maximum === undefined
        ? 'above-below'
        : 'above-to'
      : range.maximum === undefined
        ? 'from-below'
        : 'from-to';
  const parts = { low: upToFour(low), high: upToFour(high), unit: printedUnit(unit) };
  return trimmed(compose(`risk.range.${key}`, parts));
}

/** Two languages at once, where a message takes sentences as its parts. */
export function compose(key: string, parts: Readonly<Record<string, Sentence | number | string>>): Sentence {
  const values = (language: 'vi' | 'en') =>
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, typeof part === 'object' ? part[language] : part]),
    );
  return both((language) => say(language, key, values(language)));
}

export const listText = (parts: readonly Sentence[]): Sentence => ({
  vi: parts.map(({ vi }) => vi).join(', '),
  en: parts.map(({ en }) => en).join(', '),
});
