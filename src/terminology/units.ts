// A value in one unit comes in, the same quantity in another goes out, by UCUM (National Library of Medicine's library); never a guess.
import { UcumLhcUtils } from '@lhncbc/ucum-lhc';

export interface Substance {
  /** g/mol; without it mass and amount of substance are not converted into each other. */
  readonly molarMass?: number;
  /** Elementary charges per molecule, for equivalents. */
  readonly charge?: number;
}

/** How laboratories and devices write units that UCUM writes otherwise. Each is the only reading of that text. */
const SPELLINGS: Readonly<Record<string, string>> = {
  mmHg: 'mm[Hg]',
  'kg/m^2': 'kg/m2',
  '°C': 'Cel',
  'độ C': 'Cel',
  '°F': '[degF]',
  'lần/phút': '/min',
  'nhịp/phút': '/min',
  'l/phút': '/min',
  bpm: '/min',
  'beats/min': '/min',
  'breaths/min': '/min',
  tuổi: 'a',
  năm: 'a',
  years: 'a',
  'IU/L': '[IU]/L',
  'UI/L': '[IU]/L',
  'G/L': '10*9/L',
  'T/L': '10*12/L',
  '10^9/L': '10*9/L',
  '10^3/uL': '10*3/uL',
  'K/uL': '10*3/uL',
  'mEq/L': 'meq/L',
  'copies/mL': '{copies}/mL',
};

/** Both micro signs, raised digits, Vietnamese words and small letters for litre: each has one reading. */
const written = (text: string): string =>
  text
    .replaceAll(/[\u00b5\u03bc]/g, 'u')
    .replaceAll('²', '2')
    .replaceAll('⁹', '^9')
    .replaceAll(/\s*\/\s*/g, '/')
    .replaceAll(/\/ph(?:út)?(?=\/|$)/g, '/min')
    .replaceAll(/\/lít$/g, '/L')
    .replace(/^(?:mcg|ml)(?=\/)/, (start) => (start === 'ml' ? 'mL' : 'ug'))
    .replace(/\/([dmu]?)l$/, '/$1L')
    .replace(/^x\s*(?=10\^)/i, '')
    .replace(/\/1[.,]73\s*m2$/, '/{1.73_m2}');

/** A longer text is no unit. */
const LONGEST = 100;

/** The library prints what it cannot parse, on standard output: it is asked only about texts that are built as a unit is. */
const UNIT = /^(?!.*\}[\w%])[A-Za-z0-9.*^/%[\]'_{}-]+$/;

const utils = UcumLhcUtils.getInstance();
const known = new Map<string, string | undefined>();

function look(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = written(text);
  const unit = SPELLINGS[text] ?? SPELLINGS[plain] ?? plain;
  return UNIT.test(unit) && utils.validateUnitString(unit).status === 'valid' ? unit : undefined;
}

/** The UCUM unit that a text stands for, or undefined. Annotations in braces are kept: they say what is counted. */
export function ucumOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (!known.has(trimmed)) {
    // Bound the memory that strangers' texts can take.
    if (known.size > 10_000) known.clear();
    known.set(trimmed, look(trimmed));
  }
  return known.get(trimmed);
}

/** What stands in braces: UCUM computes without it, but `mL/min` is not `mL/min/{1.73_m2}`, and copies are no units. */
const countedThings = (unit: string): string =>
  [...unit.matchAll(/\{([^}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((thing) => !/^(beats|breaths|count|score)$/.test(thing))
    .join();

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
  // What the subtraction left of nothing is nothing: only temperatures have an offset.
  return Math.abs(offset) < 1e-9 * Math.abs(factor) ? { factor: one, offset: 0 } : { factor, offset };
}

/** Undefined where the two units measure different things. Both must be UCUM (`ucumOf`). */
export function convertUnit(value: number, units: Units, substance: Substance = {}): number | undefined {
  const { from, to } = units;
  if (from === to) return value;
  if (countedThings(from) !== countedThings(to)) return undefined;
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
