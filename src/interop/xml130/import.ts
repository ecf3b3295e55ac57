// A claim file (QĐ 130, 4750, 3176 and the older 4210) as text → measurements, reports and diagnoses, and a reason for all that cannot be used.
import { CareError } from '#kernel/errors.ts';
import { xml130Errors } from './errors.ts';
import type { Indicators } from '#interop/xml130/read/indicators.ts';
import { type Piece, records } from '#interop/xml130/read/claim-records.ts';
import {
  LONGEST_IDENTIFIER,
  type RowContext,
  identifier,
  readResultRow,
  rejected,
} from '#interop/xml130/read/result-row.ts';
import { KNOWN_TABLES, type Row, type Table, field, readTables, readWholeTables } from '#interop/xml130/read/tables.ts';
import { diagnosesIn } from '#interop/xml130/read/diagnoses.ts';
import type { Diagnoses, Thing } from '#interop/xml130/read/import-lines.ts';

export interface ImportOptions {
  /** Named in the last line. */
  readonly file: string;
  readonly indicators: Indicators;
  /** Told of a fault of the whole file before its `file` line comes. */
  readonly onFault?: (fault: CareError) => void;
}

function readTable(table: Table, context: RowContext): Thing[] {
  const { record } = context.identity;
  if ('error' in table) return [{ ...rejected(record, table.error), reason: `${table.type}: ${table.error.reason}` }];
  if (!KNOWN_TABLES.has(table.type))
    return [{ kind: 'skipped', record, table: table.type, reason: `${table.type} is not read here` }];
  return table.type === 'XML4' ? table.rows.flatMap((row) => readResultRow(row, context)) : [];
}

function whyNobody(tables: readonly Table[]): string {
  const summaries = tables.filter((table) => table.type === 'XML1');
  if (summaries.length === 0) return 'there is none';
  const broken = summaries.find((table) => 'error' in table);
  return broken !== undefined && 'error' in broken ? broken.error.reason : 'MA_LK is empty or not clear';
}

/** The row that says whose record it is: of the first XML1 that can be read. */
const summaryOf = (tables: readonly Table[]): Row | undefined =>
  tables.flatMap((table) => (table.type === 'XML1' && 'rows' in table ? table.rows : []))[0];

/** MA_LK, or null where there is none that can be told. */
function recordIn(tables: readonly Table[]): string | null {
  const summary = summaryOf(tables);
  const record = summary === undefined ? '' : field(summary, 'MA_LK');
  return record === '' || record.length > LONGEST_IDENTIFIER ? null : record;
}

/** Throws CareError where it cannot be told whose record it is. */
function readWholeRecord(tables: readonly Table[], indicators: Indicators): (Thing | Diagnoses)[] {
  const summary = summaryOf(tables);
  const record = summary === undefined ? '' : identifier(summary, 'MA_LK');
  if (summary === undefined || record === '')
    throw xml130Errors.error('record-without-xml1', {
      field: 'XML1',
      reason: `no readable XML1: ${whyNobody(tables)}`,
    });
  const patient = identifier(summary, 'MA_BN');
  if (patient === '') throw xml130Errors.error('missing-field', { field: 'MA_BN', reason: 'XML1: MA_BN is empty' });
  const services = tables.flatMap((table) => (table.type === 'XML3' && 'rows' in table ? table.rows : []));
  const groups = new Map(services.map((row) => [field(row, 'MA_DICH_VU'), field(row, 'MA_NHOM')]));
  const identity = { record, patient, name: field(summary, 'HO_TEN') };
  const diagnoses = diagnosesIn(summary, identity);
  const things = tables.flatMap((table) => readTable(table, { identity, groups, indicators }));
  return diagnoses === undefined ? things : [diagnoses, ...things];
}

/** One HOSO: its things, and whether it is usable (whose it is could be read). */
function readRecord(
  { text, complete, tooLarge }: Extract<Piece, { kind: 'record' }>,
  indicators: Indicators,
): { things: (Thing | Diagnoses)[]; usable: boolean } {
  let tables: readonly Table[] | undefined;
  try {
    if (tooLarge) throw xml130Errors.error('record-too-large', { field: 'HOSO' });
    if (!complete) throw xml130Errors.error('record-unterminated', { field: 'HOSO' });
    tables = readTables(text);
    return { things: readWholeRecord(tables, indicators), usable: true };
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return { things: [rejected(recordIn(tables ?? readWholeTables(text)), error)], usable: false };
  }
}

/** What a file says of itself outside its records; read by name, not by place: some writers put the count after the list. */
function openEnvelope() {
  let declared: number | null = null;
  let closed = false;
  return {
    read({ kind, text }: { kind: 'head' | 'tail'; text: string }): void {
      // Blanks are made one, so that a million of them are looked at once.
      const plain = text.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/\s+/g, ' ');
      if (kind === 'head' && !/<(?:[\w.-]+:)?GIAMDINHHS[ >]/.test(plain)) throw xml130Errors.error('not-a-claim-file');
      const count = /<(?:[\w.-]+:)?SOLUONGHOSO(?: [^<>]*)?> ?(?:<!\[CDATA\[)? ?(\d{1,9}) ?(?:\]\]>)? ?</.exec(
        plain,
      )?.[1];
      if (count !== undefined) declared ??= Number(count);
      closed ||= /<\/(?:[\w.-]+:)?GIAMDINHHS\s*>/.test(plain);
    },
    get declared() {
      return declared;
    },
    /** Why the file is not whole, if it is not; `found`: how many records it held. */
    shortfall(found: number): string | undefined {
      if (found === 0) return 'no HOSO record in the file';
      if (declared !== null && declared > found) return `SOLUONGHOSO says ${declared}, the file holds ${found}`;
      return declared === null && !closed ? 'the file ends before GIAMDINHHS does' : undefined;
    },
  };
}

/** Everything in the file, in its order, then one `file` line; one bad record never drops the others. Never throws for bad input. */
export async function* importClaims(
  text: AsyncIterable<string>,
  { file, indicators, onFault }: ImportOptions,
): AsyncGenerator<Thing | Diagnoses> {
  const envelope = openEnvelope();
  let usable = 0;
  let found = 0;
  let reason: string | undefined;
  try {
    for await (const piece of records(text)) {
      if (piece.kind !== 'record') {
        envelope.read(piece);
        continue;
      }
      found += 1;
      const { things, usable: isUsable } = readRecord(piece, indicators);
      if (isUsable) usable += 1;
      yield* things;
    }
    reason = envelope.shortfall(found);
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    ({ reason } = error);
    onFault?.(error);
  }
  yield {
    kind: 'file',
    file,
    declared: envelope.declared,
    records: usable,
    ...(reason !== undefined && { reason }),
  };
}
