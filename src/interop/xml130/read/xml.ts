// Text of a claim file → plain objects whose leaves are strings; what is no XML, or would cost more than it may, is refused.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { xml130Errors } from '#interop/xml130/errors.ts';

/** Claim files have five levels; what is deeper is no claim file, and would be walked by recursion. */
const DEEPEST = 100;
/** Two per field: more rows than a stay of years has. */
const MOST_TAGS = 1_000_000;

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};

/** A character that XML allows, else undefined (XML 1.0, production 2). */
function character(code: number): string | undefined {
  const allowed =
    code === 9 || code === 10 || code === 13 || (code >= 32 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe);
  return allowed || (code >= 0x10000 && code <= 0x10ffff) ? String.fromCodePoint(code) : undefined;
}

/** The five entities of XML and character references, once; any other stays as it is written, so nothing can expand. */
function decodeReferences(text: string): string {
  return text.replace(/&(?:lt|gt|amp|quot|apos|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, decimal, hex) => {
    if (decimal === undefined && hex === undefined) return XML_ENTITIES[whole] ?? whole;
    return character(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)) ?? whole;
  });
}

const nothing = (): void => {};

// Every value stays a string (leading zeros), and CDATA joins its text.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  processEntities: true,
  // The parser's own decoder leaves `&#xD;` as it is, which .NET writes for every line break in a report.
  entityDecoder: {
    decode: decodeReferences,
    setExternalEntities: nothing,
    addInputEntities: nothing,
    reset: nothing,
    setXmlVersion: nothing,
  },
  maxNestedTags: DEEPEST,
});

/** An unterminated comment or section matches to the end of the text, so that the scan stays linear (ReDoS guard). */
const TAG = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!(?:DOCTYPE|ENTITY)|<(\/?)[^\s<>!?/][^<>]*>/gi;

/** Before anything is built from it: an element costs a hundred times its text in memory. */
function checkTags(text: string): void {
  let depth = 0;
  let count = 0;
  for (const [tag, close] of text.matchAll(TAG)) {
    if (/^<!(?:DOCTYPE|ENTITY)/i.test(tag)) throw xml130Errors.error('doctype-refused', { field: 'DOCTYPE' });
    if (close === undefined) continue;
    count += 1;
    if (close === '/') depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    if (depth > DEEPEST) throw xml130Errors.error('bad-xml', { reason: `elements are nested deeper than ${DEEPEST}` });
    if (count > MOST_TAGS) throw xml130Errors.error('bad-xml', { reason: `more than ${MOST_TAGS} tags in one table` });
  }
}

/** Throws `xml130.bad-xml` or `xml130.doctype-refused`; neither quotes the text. */
export function parseXml(text: string): unknown {
  checkTags(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    throw xml130Errors.error('bad-xml', {
      reason: `not well-formed XML at line ${valid.err.line}, column ${valid.err.col}`,
    });
  }
  try {
    return parser.parse(text);
  } catch {
    // Well-formed, and still refused: its words may quote the text, so they stay here.
    throw xml130Errors.error('bad-xml', {
      reason: 'an element is named as none may be',
    });
  }
}

export const isElement = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All elements of that name, in document order; a single child and an array are the same to us. */
export function elements(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => elements(item, name));
  if (!isElement(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === name) return Array.isArray(child) ? child : [child];
    return elements(child, name);
  });
}
