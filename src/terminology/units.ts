// Units by UCUM (National Library of Medicine's library): which unit a text stands for, and the same quantity in another unit. What UCUM
// keeps apart stays apart, because a factor guessed wrongly looks like a value.
import { UcumLhcUtils } from '@lhncbc/ucum-lhc';
import { CASELESS, CASELESS_SPELLINGS, SPELLINGS } from '#terminology/value-sets/unit-spellings.ts';

export interface Substance {
  /** g/mol; without it mass and amount of substance are not converted into each other. */
  readonly molarMass?: number;
  /** Elementary charges per molecule, for equivalents. */
  readonly charge?: number;
}

/** The one annotation that bears a meaning: without it, clearance per body surface could not be told from clearance. */
const BODY_SURFACE = '{1.73_m2}';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (digits: string): string => [...digits].map((digit) => String(SUPERSCRIPTS.indexOf(digit))).join('');

/** Both micro signs, raised digits, powers of ten, Vietnamese words and small letters for litre: each has one reading. */
const written = (text: string): string =>
  text
    .replaceAll(/[\u00b5\u03bc]/g, 'u')
    .replaceAll(/10([⁰¹²³⁴-⁹]+)/g, (_, power: string) => `10^${raised(power)}`)
    .replaceAll(/[⁰¹²³⁴-⁹]+/g, raised)
    .replaceAll('·', '.')
    .replaceAll(/ (?=\{)/g, '')
    .replace(/(?<=[A-Za-z\]])\.$/, '')
    .replace(/ per /i, '/')
    .split('/')
    .map((part) => part.trim())
    .join('/')
    .replace(/^[x×*]?\s*10\s*(?:\^|\*\*?|e)\s*(\d{1,2})(?=\D|$)/i, '10*$1')
    .replace(/^[x×*]?\s*10\s*\((\d{1,2})\)/i, '10*$1')
    .replace(/^(10\*\d+)\s*(?:cells?|tb|tế bào)(?=\/)/i, '$1')
    .replaceAll(/\/ph(?:út)?(?=\/|$)/gi, '/min')
    .replace(/(?<=^(?:lần|nhịp|ck))\/p$/i, '/min')
    .replace(/^l[ií]t(?=\/)/i, 'L')
    .replace(/\/(?:lít|litre|liter)$/i, '/L')
    .replace(/\/100\s*ml$/i, '/100mL')
    .replace(/\/mcl$/i, '/uL')
    .replace(/\/cu\.?\s*mm$/i, '/mm3')
    .replace(/(?<=^m?g\/)(?:gr|gram)$/i, 'g')
    // Enzymes are printed with the temperature of their assay.
    .replace(/^((?:[iu]{0,2})u?\/l) ?\(?37 ?°? ?C\)?$/i, '$1')
    .replace(/^(?:mcg|ml)(?=\/)/, (start) => (start === 'ml' ? 'mL' : 'ug'))
    .replace(/\/([dmun]?)l$/, '/$1L')
    .replace(/(\/m?g|\/mmol) ?\.?(?:of )?\(?(?:creatinine?|creat|crea|cre|cr)\.?\)?$/i, '$1')
    .replace(/\/\{?1[.,]73\s*(?:[./_*]\s*)?(?:m\^?2|sqm)\}?$/i, `/${BODY_SURFACE}`);

/** UCUM computes without what stands in braces (`mg/g{creat}`, `10*3{cells}/uL`): so it is left out, alone it is a one. */
const withoutAnnotations = (unit: string): string =>
  unit.replaceAll(/(^|.)(\{[^{}]*\})/g, (whole, before: string, annotation: string) => {
    if (annotation === BODY_SURFACE) return whole;
    return /[\w\]%']/.test(before) ? before : `${before}1`;
  });

/** A longer text is no unit. */
const LONGEST = 100;

/** The library prints what it cannot parse, on standard output: it is asked only about texts that are built as a unit is. */
const UNIT = /^(?!.*\}[\w%])[A-Za-z0-9.*^/%[\]'_{}-]+$/;

const utils = UcumLhcUtils.getInstance();
const known = new Map<string, string | undefined>();

const spellings = new Map(Object.entries(SPELLINGS));
const caseless = new Map([
  ...CASELESS.map((unit) => [unit.toLowerCase(), unit] as const),
  ...Object.entries(CASELESS_SPELLINGS),
]);

/** The library looks a text up in plain objects, where it would find these. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

const isUnit = (unit: string): boolean =>
  UNIT.test(unit) &&
  !INHERITED.some((name) => unit.includes(name)) &&
  utils.validateUnitString(unit).status === 'valid';

function look(text: string): string | undefined {
  const plain = withoutAnnotations(written(text));
  const spelt = spellings.get(text) ?? spellings.get(plain);
  if (spelt !== undefined) return withoutAnnotations(spelt);
  const anyCase = caseless.get(plain.toLowerCase());
  const isCapital = plain === plain.toUpperCase();
  if (isCapital && anyCase !== undefined) return withoutAnnotations(anyCase);
  if (isUnit(plain)) return plain;
  return anyCase === undefined ? undefined : withoutAnnotations(anyCase);
}

/** The UCUM unit that a text stands for, without annotations (but for the body surface), or undefined. */
export function ucumOf(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const trimmed = text.trim();
  if (!known.has(trimmed)) {
    // Bound the memory that strangers' texts can take.
    if (known.size > 10_000) known.clear();
    known.set(trimmed, look(trimmed));
  }
  return known.get(trimmed);
}

function ask(value: number, { from, to }: Units, { molarMass, charge }: Substance): number | undefined {
  const result = utils.convertUnitTo(from, value, to, {
    ...(molarMass === undefined ? {} : { molecularWeight: molarMass }),
    ...(charge === undefined ? {} : { charge }),
  });
  return result.status === 'succeeded' && result.toVal !== null ? result.toVal : undefined;
}

interface Units {
  readonly from: string;
  readonly to: string;
}

/** Nearly every conversion is a line (also degrees Fahrenheit): two points give it, and asking the library takes twenty times as long. */
type Line = { readonly factor: number; readonly offset: number } | 'curved' | undefined;
const lines = new Map<string, Line>();

function lineOf(units: Units, substance: Substance): Line {
  const [one, two, ten] = [1, 2, 10].map((value) => ask(value, units, substance));
  if (one === undefined || two === undefined || ten === undefined) return undefined;
  const factor = two - one;
  const offset = one - factor;
  if (Math.abs(offset + 10 * factor - ten) > 1e-12 * Math.abs(ten)) return 'curved';
  // A tiny offset is rounding: only temperatures have one.
  return Math.abs(offset) < 1e-9 * Math.abs(factor) ? { factor: one, offset: 0 } : { factor, offset };
}

/** Undefined where the two units measure different things. Both must be UCUM. */
export function convertUnit(value: number, sent: Units, substance: Substance = {}): number | undefined {
  const [from, to] = [withoutAnnotations(sent.from), withoutAnnotations(sent.to)];
  if (from === to) return value;
  if (from.includes(BODY_SURFACE) !== to.includes(BODY_SURFACE)) return undefined;
  const units = { from, to };
  const key = `${from} ${to} ${substance.molarMass ?? ''} ${substance.charge ?? ''}`;
  if (!lines.has(key)) {
    if (lines.size > 10_000) lines.clear();
    lines.set(key, lineOf(units, substance));
  }
  const line = lines.get(key);
  if (line === undefined) return undefined;
  // The library's factors are sums of binary fractions: twelve digits are exact for any measurement.
  const converted = line === 'curved' ? ask(value, units, substance) : line.offset + line.factor * value;
  return converted === undefined ? undefined : Number(converted.toPrecision(12));
}
