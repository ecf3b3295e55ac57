// One HOSO record's text → its tables (XML1, XML3, XML4 …) as rows of strings, each table readable or refused on its own.
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import { xml130Errors } from '#interop/xml130/errors.ts';
import { encodingOf } from './encoding.ts';
import { elements, isElement, parseXml } from './xml.ts';

export interface Row {
  readonly fields: Readonly<Record<string, string>>;
  /** Fields that stand twice with different contents, or hold elements: which one is meant is not known. */
  readonly unclear: ReadonlySet<string>;
}

export type Table =
  | { readonly type: string; readonly rows: readonly Row[] }
  | { readonly type: string; readonly error: CareError };

interface Layout {
  /** Element that holds one row; the wrappers around it differ between 4210 and 130 and do not matter where there are rows. */
  readonly row: string;
  /** What a table without rows may consist of. */
  readonly wrappers: readonly string[];
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  XML1: { row: 'TONG_HOP', wrappers: [] },
  XML3: { row: 'CHI_TIET_DVKT', wrappers: ['DSACH_CHI_TIET_DVKT', 'CHITIEU_CHITIET_DVKT_VTYT'] },
  XML4: { row: 'CHI_TIET_CLS', wrappers: ['DSACH_CHI_TIET_CLS', 'CHITIEU_CHITIET_DICHVUCANLAMSANG'] },
};

/** Tables of QĐ 130/4750/3176; those without a layout above are known but hold nothing that is used here. */
export const KNOWN_TABLES: ReadonlySet<string> = new Set(Array.from({ length: 16 }, (_, index) => `XML${index}`));

const BYTE_ORDER_MARK = /^\uFEFF+/;

function toRow(value: unknown): Row {
  const fields: Record<string, string> = {};
  const unclear = new Set<string>();
  for (const [name, content] of Object.entries(isElement(value) ? value : {})) {
    const [first, ...others] = Array.isArray(content) ? content : [content];
    if (typeof first === 'string' && others.every((other) => other === first)) fields[name] = first;
    else unclear.add(name);
  }
  return { fields, unclear };
}

/** Without the white space around it; empty where there is none. */
export const field = (row: Row, name: string): string => (row.fields[name] ?? '').trim();

function decodeContent(content: string): string {
  const compact = content.replace(/\s+/g, '').replace(BYTE_ORDER_MARK, '');
  if (compact === '')
    throw xml130Errors.error('missing-field', { field: 'NOIDUNGFILE', reason: 'NOIDUNGFILE is empty' });
  if (compact.startsWith('<')) return content.replace(BYTE_ORDER_MARK, '').trim();
  if (compact.length % 4 === 1 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    throw xml130Errors.error('bad-base64', { field: 'NOIDUNGFILE' });
  try {
    // TextDecoder drops one byte-order mark by itself; C# writers sometimes leave two.
    const bytes = Buffer.from(compact, 'base64');
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes).replace(BYTE_ORDER_MARK, '').trim();
  } catch {
    throw xml130Errors.error('bad-text', { field: 'NOIDUNGFILE' });
  }
}

function readTable(type: string, content: string): Table {
  const layout = LAYOUTS[type];
  if (layout === undefined) return { type, rows: [] };
  try {
    const document = parseXml(decodeContent(content));
    const rows = elements(document, layout.row).map(toRow);
    // An empty list is fine; a document of another table is not.
    if (rows.length === 0 && !layout.wrappers.some((name) => elements(document, name).length > 0))
      throw xml130Errors.error('wrong-table', { field: type, reason: `${type} holds no ${layout.row}` });
    return { type, rows };
  } catch (error) {
    if (error instanceof CareError) return { type, error };
    throw error;
  }
}

const OPEN = '<NOIDUNGFILE>';
const CLOSE = '</NOIDUNGFILE>';
/** Shorter contents are not worth it. */
const LONG_CONTENT = 256;

/** Megabytes of base64 hold no markup: they step aside while the record is parsed, which would take thirty times their size. */
function setAside(recordText: string): { readonly skeleton: string; readonly contentOf: (text: string) => string } {
  const contents = new Map<string, string>();
  const [before = '', ...parts] = recordText.split(OPEN);
  const rest = parts.map((part) => {
    const end = part.indexOf(CLOSE);
    const content = part.slice(0, Math.max(end, 0));
    if (content.length < LONG_CONTENT || /[<&]/.test(content)) return part;
    // Unguessable, so that no text of the file can name another table's content.
    const name = newUuid();
    contents.set(name, content);
    return name + part.slice(end);
  });
  return { skeleton: [before, ...rest].join(OPEN), contentOf: (text) => contents.get(text) ?? text };
}

/** The name of the table; `?` where the text does not have the form of one, since it could hold a person's name. */
function typeOf(text: string): string {
  const type = text.replace(BYTE_ORDER_MARK, '').trim().toUpperCase();
  return type === '' || /^[A-Z0-9_.-]{1,20}$/.test(type) ? type : '?';
}

/** The tables of one record, in the order in which the record lists them. Throws as parseXml does. */
export function readTables(recordText: string): readonly Table[] {
  const { skeleton, contentOf } = setAside(recordText);
  return elements(parseXml(skeleton), 'FILEHOSO').map((file) => {
    const { fields } = toRow(file);
    const inline = isElement(file) && isElement(file['NOIDUNGFILE']);
    const type = typeOf(fields['LOAIHOSO'] ?? '');
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

const FILE_OPEN = /<(?:[\w.-]+:)?FILEHOSO[\s>]/g;
const FILE_CLOSE = /<\/(?:[\w.-]+:)?FILEHOSO\s*>/;

/** The FILEHOSO elements that are whole inside a broken record: only to say whose record it was. */
export function readWholeTables(brokenRecord: string): readonly Table[] {
  // Each piece ends where an element ends; the last opening in it is that element's own.
  const pieces = brokenRecord.split(FILE_CLOSE).slice(0, -1);
  return pieces.flatMap((piece) => {
    const opening = [...piece.matchAll(FILE_OPEN)].at(-1);
    if (opening === undefined) return [];
    const name = opening[0].slice(1, -1);
    try {
      return readTables(`${piece.slice(opening.index)}</${name}>`);
    } catch (error) {
      if (error instanceof CareError) return [];
      throw error;
    }
  });
}
