// The one reader of a laboratory value: every door gives it the text as it was sent, so that no two doors can disagree. A text that is
// not plainly one number is none: it is kept and shown, and never used. docs/glossary.md holds the table, and a test runs it through all doors.

export type Comparator = '<' | '<=' | '>' | '>=';

export interface ReadNumber {
  readonly value: number;
  /** The laboratory gave a bound instead of a number. */
  readonly comparator?: Comparator;
  /** Half of one in the last digit that was written: the true value lies so near. */
  readonly halfStep: number;
}

const COMPARATORS: ReadonlyMap<string, Comparator> = new Map([
  ['<', '<'],
  ['<=', '<='],
  ['≤', '<='],
  ['≦', '<='],
  ['⩽', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['≥', '>='],
  ['≧', '>='],
  ['⩾', '>='],
]);

const ONE_NUMBER = /^(?<sign>[<>]=?|[≤≦⩽≥≧⩾])?\s*(?<digits>-?\d+(?:[.,]\d+)?)$/;

/** A comma is a decimal comma, as Viet Nam writes it; but `1,234` is also how a thousand is written in English, and the two differ a thousandfold. */
const THOUSANDS = /^-?[1-9]\d{0,2},\d{3}$/;

/** More digits than a double keeps exactly are no measurement. */
const MOST_DIGITS = 15;
/** A longer text is no number. */
const LONGEST = 100;

/** Full-width characters of East Asian keyboards, and the true minus sign. */
const plain = (text: string): string =>
  text
    .trim()
    .replaceAll(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u2212', '-');

/** Digits behind the decimal point of a number as JavaScript writes it, `1e-7` too. */
function decimalsOf(digits: string): number {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

const halfStepOf = (digits: string): number => 0.5 * 10 ** -decimalsOf(digits);

/** Undefined for what is not plainly one number. A number is one already, a yes or no never is. */
export function readNumber(sent: number | string | boolean): ReadNumber | undefined {
  if (typeof sent === 'number')
    return Number.isFinite(sent) ? { value: sent, halfStep: halfStepOf(String(sent)) } : undefined;
  if (typeof sent === 'boolean' || sent.length > LONGEST) return undefined;
  const groups = ONE_NUMBER.exec(plain(sent))?.groups;
  const digits = groups?.['digits'];
  if (digits === undefined || THOUSANDS.test(digits) || digits.replaceAll(/\D/g, '').length > MOST_DIGITS)
    return undefined;
  const text = digits.replace(',', '.');
  const comparator = COMPARATORS.get(groups?.['sign'] ?? '');
  return { value: Number(text), ...(comparator === undefined ? {} : { comparator }), halfStep: halfStepOf(text) };
}
