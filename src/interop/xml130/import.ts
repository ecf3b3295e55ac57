// A claim file (QĐ 130, 4750, 3176 and the older 4210) as text → measurements and reports, and a reason for all that cannot be used.
import { CareError } from '#kernel/errors.ts';
import { xml130Errors } from './errors.ts';
import type { Indicators } from './indicators.ts';
import { type Piece, records } from './records.ts';
import { KNOWN_TABLES, type Row, type Table, readTables, readWholeTables } from './tables.ts';
import { type Comparator, readTime, readValue } from './value.ts';

export interface ImportedMeasurement {
  readonly kind: 'measurement';
  readonly record: string;
  readonly patient: string;
  readonly code: string;
  readonly loinc: string | null;
  readonly value: number | null;
  readonly comparator: Comparator | null;
  readonly text: string;
  readonly unit: string;
  readonly time: string;
}

export interface ImportedReport {
  readonly kind: 'report';
  readonly record: string;
  readonly patient: string;
  readonly service: string;
  readonly text: string;
  readonly conclusion: string;
  readonly time: string;
}

export interface Rejected {
  readonly kind: 'rejected';
  readonly record: string | null;
  readonly code: string;
  readonly reason: string;
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly record: string;
  readonly table: string;
  readonly reason: string;
}

export interface FileEnd {
  readonly kind: 'file';
  readonly file: string;
  readonly declared: number | null;
  readonly records: number;
  readonly reason?: string;
}

export type Thing = ImportedMeasurement | ImportedReport | Rejected | Skipped | FileEnd;

export interface ImportOptions {
  /** Named in the last line. */
  readonly file: string;
  readonly indicators: Indicators;
}

/** Groups of services (MA_NHOM) whose results are read by a doctor: imaging and functional tests. */
const REPORTED_GROUPS: ReadonlySet<string> = new Set(['2', '3']);

const rejected = (record: string | null, error: CareError): Rejected => ({
  kind: 'rejected',
  record,
  code: error.code,
  reason: error.reason,
});

const field = (row: Row, name: string): string => (row[name] ?? '').trim();

interface Identity {
  readonly record: string;
  readonly patient: string;
}

/** Whose record it is, from XML1; undefined where XML1 cannot be read or lacks MA_LK. */
function identityOf(tables: readonly Table[]): Identity | undefined {
  const summary = tables.find((table) => table.type === 'XML1');
  const row = summary !== undefined && 'rows' in summary ? summary.rows[0] : undefined;
  const record = row === undefined ? '' : field(row, 'MA_LK');
  return row === undefined || record === '' ? undefined : { record, patient: field(row, 'MA_BN') };
}

function requiredTime(row: Row): string {
  const text = field(row, 'NGAY_KQ');
  if (text === '') throw xml130Errors.error('missing-field', { field: 'NGAY_KQ', reason: 'NGAY_KQ is empty' });
  const time = readTime(text);
  if (time === undefined)
    throw xml130Errors.error('bad-time', {
      field: 'NGAY_KQ',
      reason: 'NGAY_KQ is not a real date of 8, 12 or 14 digits',
    });
  return time;
}

/** One row of XML4 → what it holds: a value, a report, or both. Throws CareError for a row that cannot be used. */
function readRow(row: Row, identity: Identity, groups: ReadonlyMap<string, string>, indicators: Indicators): Thing[] {
  const owner = field(row, 'MA_LK');
  if (owner !== '' && owner !== identity.record) throw xml130Errors.error('other-record', { field: 'MA_LK' });
  const service = field(row, 'MA_DICH_VU');
  const value = row['GIA_TRI'] ?? '';
  const hasReport = field(row, 'MO_TA') !== '' || field(row, 'KET_LUAN') !== '';
  const hasValue = value.trim() !== '';
  if (!hasValue && !hasReport) throw xml130Errors.error('empty-row', { field: 'GIA_TRI' });
  const time = requiredTime(row);
  const things: Thing[] = [];
  if (hasValue) {
    const code = field(row, 'MA_CHI_SO');
    if (code === '')
      throw xml130Errors.error('missing-field', { field: 'MA_CHI_SO', reason: 'MA_CHI_SO is empty beside a value' });
    const loinc = indicators.get(code) ?? null;
    things.push({
      kind: 'measurement',
      ...identity,
      code,
      loinc,
      ...readValue(value),
      text: value,
      unit: row['DON_VI_DO'] ?? '',
      time,
    });
  }
  // A laboratory row may repeat its order's conclusion: a report only where the service is one that a doctor reads.
  if (hasReport && (!hasValue || REPORTED_GROUPS.has(groups.get(service) ?? ''))) {
    things.push({
      kind: 'report',
      ...identity,
      service,
      text: row['MO_TA'] ?? '',
      conclusion: row['KET_LUAN'] ?? '',
      time,
    });
  }
  return things;
}

function readTable(
  table: Table,
  identity: Identity,
  groups: ReadonlyMap<string, string>,
  indicators: Indicators,
): Thing[] {
  const { record } = identity;
  if (!KNOWN_TABLES.has(table.type) && !('error' in table)) {
    return [{ kind: 'skipped', record, table: table.type, reason: `${table.type} is not read here` }];
  }
  if ('error' in table) {
    return [{ ...rejected(record, table.error), reason: `${table.type}: ${table.error.reason}` }];
  }
  if (table.type !== 'XML4') return [];
  return table.rows.flatMap((row) => {
    try {
      return readRow(row, identity, groups, indicators);
    } catch (error) {
      if (!(error instanceof CareError)) throw error;
      return [{ ...rejected(record, error), reason: `XML4 row ${field(row, 'STT') || '?'}: ${error.reason}` }];
    }
  });
}

/** One HOSO: its things, and whether it is usable (whose it is could be read). */
function readRecord(
  piece: Extract<Piece, { kind: 'record' }>,
  indicators: Indicators,
): { things: Thing[]; usable: boolean } {
  const refuse = (record: string | null, error: CareError) => ({ things: [rejected(record, error)], usable: false });
  if (piece.tooLarge) return refuse(null, xml130Errors.error('record-too-large', { field: 'HOSO' }));
  try {
    if (!piece.complete) {
      return refuse(
        identityOf(readWholeTables(piece.text))?.record ?? null,
        xml130Errors.error('record-unterminated', { field: 'HOSO' }),
      );
    }
    const tables = readTables(piece.text);
    const identity = identityOf(tables);
    if (identity === undefined) {
      const summary = tables.find((table) => table.type === 'XML1');
      const because =
        summary === undefined ? 'there is none' : 'error' in summary ? summary.error.reason : 'MA_LK is empty';
      return refuse(
        null,
        xml130Errors.error('record-without-xml1', { field: 'XML1', reason: `no readable XML1: ${because}` }),
      );
    }
    if (identity.patient === '') {
      return refuse(
        identity.record,
        xml130Errors.error('missing-field', { field: 'MA_BN', reason: 'XML1: MA_BN is empty' }),
      );
    }
    const services = tables.flatMap((table) => (table.type === 'XML3' && 'rows' in table ? table.rows : []));
    const groups = new Map(services.map((row) => [field(row, 'MA_DICH_VU'), field(row, 'MA_NHOM')]));
    return { things: tables.flatMap((table) => readTable(table, identity, groups, indicators)), usable: true };
  } catch (error) {
    if (error instanceof CareError) return refuse(null, error);
    throw error;
  }
}

function declaredCount(envelope: string): number | null {
  const count = /<(?:[\w.-]+:)?SOLUONGHOSO>\s*(?:<!\[CDATA\[)?\s*(\d{1,9})\s*(?:\]\]>)?\s*</.exec(envelope)?.[1];
  return count === undefined ? null : Number(count);
}

/** Everything in the file, in its order, then one `file` line; one bad record never drops the others. Never throws for bad input. */
export async function* importClaims(
  text: AsyncIterable<string>,
  { file, indicators }: ImportOptions,
): AsyncGenerator<Thing> {
  let declared: number | null = null;
  let usable = 0;
  let found = 0;
  let fault: string | undefined;
  try {
    for await (const piece of records(text)) {
      if (piece.kind !== 'record') {
        if (piece.kind === 'head' && !/<(?:[\w.-]+:)?GIAMDINHHS[\s>]/.test(piece.text))
          throw xml130Errors.error('not-a-claim-file');
        // By name, not by place: some writers put the count after the list.
        declared ??= declaredCount(piece.text);
        continue;
      }
      found += 1;
      const { things, usable: isUsable } = readRecord(piece, indicators);
      if (isUsable) usable += 1;
      yield* things;
    }
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    fault = error.reason;
  }
  if (fault === undefined && found === 0) fault = 'no HOSO record in the file';
  if (fault === undefined && declared !== null && declared > found)
    fault = `SOLUONGHOSO says ${declared}, the file holds ${found}`;
  yield {
    kind: 'file',
    file,
    declared,
    records: fault !== undefined && found === 0 ? 0 : usable,
    ...(fault === undefined ? {} : { reason: fault }),
  };
}
