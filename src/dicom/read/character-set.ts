// Bytes of a text element → a string, by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1), code extensions included.
import { boundedText, type DataSet } from './element.ts';
import { guessedText, withoutSecondEncoding } from './undeclared-text.ts';

/** A graphic set that an escape sequence or a defined term puts into G0 (bytes below 0x80) or G1 (above). */
interface Graphic {
  readonly area: 0 | 1;
  /** Bytes per character. */
  readonly width: 1 | 2;
  /** A WHATWG encoding, and how the set's bytes lie in it. */
  readonly label: string;
  readonly toLabel?: (bytes: Uint8Array) => Uint8Array;
}

const withHighBit = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte | 0x80);
/** EUC-JP holds JIS X 0212 behind a single shift. */
const withSingleShift = (bytes: Uint8Array): Uint8Array => Uint8Array.of(0x8f, bytes[0]! | 0x80, bytes[1]! | 0x80);

const single = (label: string): Graphic => ({ area: 1, width: 1, label });
const ASCII: Graphic = { area: 0, width: 1, label: 'utf-8' };

const KATAKANA = single('shift_jis');
const GRAPHIC_BY_ESCAPE: Readonly<Record<string, Graphic>> = {
  '(B': ASCII,
  '(J': ASCII,
  ')I': KATAKANA,
  '-A': single('iso-8859-1'),
  '-B': single('iso-8859-2'),
  '-C': single('iso-8859-3'),
  '-D': single('iso-8859-4'),
  '-L': single('iso-8859-5'),
  '-G': single('iso-8859-6'),
  '-F': single('iso-8859-7'),
  '-H': single('iso-8859-8'),
  '-M': single('windows-1254'),
  '-T': single('windows-874'),
  '-b': single('iso-8859-15'),
  $B: { area: 0, width: 2, label: 'euc-jp', toLabel: withHighBit },
  '$(D': { area: 0, width: 2, label: 'euc-jp', toLabel: withSingleShift },
  '$)C': { area: 1, width: 2, label: 'euc-kr' },
  '$)A': { area: 1, width: 2, label: 'gbk' },
};

/** What the first value of Specific Character Set puts into G1 before any escape, by the number in the defined term. */
const ESCAPE_BY_REGISTRATION: Readonly<Record<string, string>> = {
  '13': ')I',
  '100': '-A',
  '101': '-B',
  '109': '-C',
  '110': '-D',
  '144': '-L',
  '127': '-G',
  '126': '-F',
  '138': '-H',
  '148': '-M',
  '166': '-T',
  '203': '-b',
  '149': '$)C',
  '58': '$)A',
};

/** Sets that stand alone and know no escapes; with the names that writers use for UTF-8. */
const WHOLE: Readonly<Record<string, string>> = {
  ISO_IR192: 'utf-8',
  UTF_8: 'utf-8',
  UTF8: 'utf-8',
  UNICODE: 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

const ESCAPE = 0x1b;
/** Control characters and, in names, `^` and `=` end a code extension; so does the backslash between values. */
const RESETS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x5c, 0x5e, 0x3d]);

/** `ISO 2022 IR 100`, `ISO-IR 100` and `ISO_IR 100` are written for the same set. */
const plain = (term: string): string =>
  term
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^ISO_(?:2022_)?IR_?192$/, 'ISO_IR192')
    .replace(/^ISO_IR_/, 'ISO_IR');

function registrationOf(term: string): string | undefined {
  return /^ISO_?(?:2022_)?(?:IR_?)(\d+)$/.exec(term)?.[1];
}

/** Sets of Latin letters: text in one of them is, in practice, never valid UTF-8 once it has a letter that is not ASCII. */
const LATIN_REGISTRATIONS = new Set(['6', '100', '101', '109', '110', '148', '203']);

/**
 * The text where the bytes are UTF-8 although another set is declared, or none. Of other scripts, whose own letters can look like UTF-8
 * by chance, only where UTF-8 gives nothing but Latin letters, as Vietnamese has them.
 */
function undeclaredUtf8(bytes: Uint8Array, registration: string | undefined): string | undefined {
  if (bytes.includes(ESCAPE)) return undefined;
  const whole = withoutCutCharacter(bytes);
  // One byte above ASCII that stands alone at the end is a letter of another set.
  if (whole.every((byte) => byte < 0x80)) return undefined;
  const decoded = strictly('utf-8', whole);
  if (decoded === undefined || registration === undefined || LATIN_REGISTRATIONS.has(registration)) return decoded;
  return /^[\p{Script=Latin}\p{M}\p{ASCII}]*$/u.test(decoded) && bytes.length > decoded.length + 1
    ? decoded
    : undefined;
}

/** Writers cut a text at the longest length of its VR, in bytes, and so in the middle of a character of UTF-8. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  let lead = bytes.length - 1;
  while (lead > bytes.length - 4 && lead > 0 && (bytes[lead]! & 0xc0) === 0x80) lead--;
  const expected = bytes[lead]! >= 0xf0 ? 4 : bytes[lead]! >= 0xe0 ? 3 : bytes[lead]! >= 0xc2 ? 2 : 1;
  return expected > bytes.length - lead ? bytes.subarray(0, lead) : bytes;
}

function strictly(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Text of an element. Bytes that a declared set does not know become U+FFFD. Where none is declared, or a false one, UTF-8 is recognised, then
 * the sets in which Vietnamese and Western European names are written.
 */
export function decodeText(bytes: Uint8Array, characterSet: readonly string[]): string {
  const terms = characterSet.map(plain);
  const first = terms[0] ?? '';
  const whole = terms.map((term) => WHOLE[term]).find((label) => label !== undefined);
  if (whole !== undefined) {
    const utf8 = whole === 'utf-8' ? strictly(whole, withoutCutCharacter(bytes)) : undeclaredUtf8(bytes, whole);
    if (utf8 !== undefined) return withoutSecondEncoding(utf8);
    const declared = strictly(whole, bytes) ?? strictly('utf-8', bytes);
    return declared ?? (whole === 'utf-8' ? guessedText(bytes) : undefined) ?? new TextDecoder(whole).decode(bytes);
  }
  const registration = registrationOf(first);
  const utf8 = undeclaredUtf8(bytes, registration);
  if (utf8 !== undefined) return withoutSecondEncoding(utf8);
  const initial =
    registration === undefined ? undefined : GRAPHIC_BY_ESCAPE[ESCAPE_BY_REGISTRATION[registration] ?? ''];
  const isUndeclared = initial === undefined && !bytes.includes(ESCAPE);
  return (isUndeclared ? guessedText(bytes) : undefined) ?? decodeExtended(bytes, initial);
}

function decodeExtended(bytes: Uint8Array, initialHigh: Graphic | undefined): string {
  let low = ASCII;
  let high = initialHigh;
  let decoded = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === ESCAPE) {
      const { graphic, length } = readEscape(bytes, at + 1);
      if (graphic?.area === 0) low = graphic;
      if (graphic?.area === 1) high = graphic;
      at += 1 + length;
      continue;
    }
    const graphic = byte < 0x80 ? low : high;
    const isControl = byte <= 0x20;
    if (byte < 0x80 && (graphic === undefined || graphic.width === 1 || isControl)) {
      if (RESETS.has(byte)) {
        low = ASCII;
        high = initialHigh;
      }
      decoded += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    if (graphic === undefined) {
      decoded += '\uFFFD';
      at += 1;
      continue;
    }
    const character = bytes.subarray(at, at + graphic.width);
    decoded += new TextDecoder(graphic.label).decode(
      character.length < graphic.width ? character : (graphic.toLabel?.(character) ?? character),
    );
    at += graphic.width;
  }
  return decoded;
}

function readEscape(bytes: Uint8Array, at: number): { graphic: Graphic | undefined; length: number } {
  for (const length of [3, 2]) {
    const sequence = String.fromCharCode(...bytes.subarray(at, at + length));
    const graphic = GRAPHIC_BY_ESCAPE[sequence];
    if (graphic !== undefined) return { graphic, length };
  }
  return { graphic: undefined, length: 0 };
}

/** The decoded text of an element, padding removed; undefined where it is absent or empty. */
export function text(set: DataSet, tag: number): string | undefined {
  const element = set.elements.get(tag);
  if (element === undefined || element.bytes.length === 0) return undefined;
  const [decoded = ''] = decodeText(boundedText(element), set.characterSet).split('\0', 1);
  return decoded.trim() === '' ? undefined : decoded.trim();
}
