// One HOSO record's text → its tables (XML1, XML3, XML4 …) as rows of strings, each table readable or refused on its own.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import { xml130Errors } from './errors.ts';

export type Row = Readonly<Record<string, string>>;

export type Table =
  | { readonly type: string; readonly rows: readonly Row[] }
  | { readonly type: string; readonly error: CareError };

/** Element that holds one row, per table; the wrappers around it differ between 4210 and 130 and do not matter. */
const ROW_ELEMENT: Readonly<Record<string, string>> = { XML1: 'TONG_HOP', XML3: 'CHI_TIET_DVKT', XML4: 'CHI_TIET_CLS' };

/** Tables of QĐ 130/4750/3176; those without a row element above are known but hold nothing that is used here. */
export const KNOWN_TABLES: ReadonlySet<string> = new Set(Array.from({ length: 16 }, (_, index) => `XML${index}`));

/** Claim files have five levels; what is deeper is no claim file, and would be walked by recursion. */
const DEEPEST = 100;
/** Two per field: more rows than a stay of years has. */
const MOST_TAGS = 1_000_000;

const BYTE_ORDER_MARK = /^\uFEFF+/;

// Every value stays a string (leading zeros), CDATA joins its text, entities other than the five of XML are never expanded.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  processEntities: true,
  maxNestedTags: DEEPEST,
});

const TAG = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)[^\s>!?/][^>]*>/g;

/** Before anything is built from it: an element costs a hundred times its text in memory. */
function checkSize(text: string): void {
  let depth = 0;
  let count = 0;
  for (const [tag, close] of text.matchAll(TAG)) {
    if (close === undefined) continue;
    count += 1;
    if (close === '/') depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    if (depth > DEEPEST) throw xml130Errors.error('bad-xml', { reason: `elements are nested deeper than ${DEEPEST}` });
    if (count > MOST_TAGS) throw xml130Errors.error('bad-xml', { reason: `more than ${MOST_TAGS} tags in one table` });
  }
}

function parseXml(text: string): unknown {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw xml130Errors.error('doctype-refused', { field: 'DOCTYPE' });
  checkSize(text);
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

const isElement = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All elements of that name, in document order; a single child and an array are the same to us. */
function elements(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => elements(item, name));
  if (!isElement(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === name) return Array.isArray(child) ? child : [child];
    return elements(child, name);
  });
}

function toRow(value: unknown): Row {
  if (!isElement(value)) return {};
  const fields = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(fields);
}

function decodeContent(content: string): string {
  const compact = content.replace(/\s+/g, '').replace(BYTE_ORDER_MARK, '');
  if (compact === '')
    throw xml130Errors.error('missing-field', { field: 'NOIDUNGFILE', reason: 'NOIDUNGFILE is empty' });
  if (compact.startsWith('<')) return content.replace(BYTE_ORDER_MARK, '').trim();
  if (compact.length % 4 === 1 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    throw xml130Errors.error('bad-base64', { field: 'NOIDUNGFILE' });
  try {
    // TextDecoder drops one byte-order mark by itself; C# writers sometimes leave two.
    return new TextDecoder('utf-8', { fatal: true })
      .decode(Buffer.from(compact, 'base64'))
      .replace(BYTE_ORDER_MARK, '')
      .trim();
  } catch {
    throw xml130Errors.error('bad-text', { field: 'NOIDUNGFILE' });
  }
}

function readTable(type: string, content: string): Table {
  const rowElement = ROW_ELEMENT[type];
  if (rowElement === undefined) return { type, rows: [] };
  try {
    const document = parseXml(decodeContent(content));
    const rows = elements(document, rowElement).map(toRow);
    // An empty list is fine; a document of another table is not.
    const hasList = rows.length > 0 || elements(document, `DSACH_${rowElement}`).length > 0;
    if (!hasList) throw xml130Errors.error('wrong-table', { field: type, reason: `${type} holds no ${rowElement}` });
    return { type, rows };
  } catch (error) {
    if (error instanceof CareError) return { type, error };
    throw error;
  }
}

const CONTENT = /<NOIDUNGFILE>([A-Za-z0-9+/=\s]{256,})<\/NOIDUNGFILE>/g;

/** Megabytes of base64 hold no markup: they step aside while the record is parsed, which would take thirty times their size. */
function setAside(recordText: string): { readonly skeleton: string; readonly contentOf: (text: string) => string } {
  const contents = new Map<string, string>();
  const skeleton = recordText.replace(CONTENT, (_, content: string) => {
    // Unguessable, so that no text of the file can name another table's content.
    const name = newUuid();
    contents.set(name, content);
    return `<NOIDUNGFILE>${name}</NOIDUNGFILE>`;
  });
  return { skeleton, contentOf: (text) => contents.get(text) ?? text };
}

/** The tables of one record, in the order in which the record lists them. */
export function readTables(recordText: string): readonly Table[] {
  const { skeleton, contentOf } = setAside(recordText);
  const document = parseXml(skeleton);
  return elements(document, 'FILEHOSO').map((file) => {
    const fields = toRow(file);
    const inline = isElement(file) && isElement(file['NOIDUNGFILE']);
    const type = (fields['LOAIHOSO'] ?? '').replace(BYTE_ORDER_MARK, '').trim().toUpperCase();
    if (type === '')
      return {
        type: '?',
        error: xml130Errors.error('missing-field', { field: 'LOAIHOSO', reason: 'LOAIHOSO is empty' }),
      };
    if (inline)
      return {
        type,
        error: xml130Errors.error('bad-base64', {
          field: 'NOIDUNGFILE',
          reason: 'NOIDUNGFILE holds elements instead of base64',
        }),
      };
    return readTable(type, contentOf(fields['NOIDUNGFILE'] ?? ''));
  });
}

/** FILEHOSO elements that are whole inside a cut record: only to say whose record it was. */
export function readWholeTables(cutRecord: string): readonly Table[] {
  return [...cutRecord.matchAll(/<FILEHOSO>[\s\S]*?<\/FILEHOSO>/g)].flatMap((match) =>
    readTables(`<HOSO>${match[0]}</HOSO>`),
  );
}
