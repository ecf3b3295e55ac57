// One row of XML4 → the value, the report, or both that it holds.
import { CareError } from '#kernel/errors.ts';
import { xml130Errors } from '#interop/xml130/errors.ts';
import type { Indicators } from './indicators.ts';
import { type Row, field } from './tables.ts';
import type { MeasurementLine, ReportLine, Rejected } from './import-lines.ts';
import { readNumber } from '#terminology/number.ts';
import { readTime } from './time.ts';

interface Identity {
  /** MA_LK */
  readonly record: string;
  /** MA_BN */
  readonly patient: string;
  /** HO_TEN, only to keep it out of what is told. */
  readonly name: string;
}

export interface RowContext {
  readonly identity: Identity;
  /** MA_DICH_VU → MA_NHOM, from XML3. */
  readonly groups: ReadonlyMap<string, string>;
  readonly indicators: Indicators;
}

/** Groups of services (MA_NHOM) whose results are read by a doctor: imaging and functional tests. */
const REPORTED_GROUPS: ReadonlySet<string> = new Set(['2', '3']);

const READ_FIELDS = ['MA_LK', 'MA_DICH_VU', 'MA_CHI_SO', 'GIA_TRI', 'DON_VI_DO', 'MO_TA', 'KET_LUAN', 'NGAY_KQ'];

export const rejected = (record: string | null, { code, reason }: CareError): Rejected => ({
  kind: 'rejected',
  record,
  code,
  reason,
});

/** The tables allow 100 at most; a longer one would fit into no index. */
export const LONGEST_IDENTIFIER = 200;

/** Throws `xml130.field-too-long`. */
export function identifier(row: Row, name: string): string {
  const text = field(row, name);
  if (text.length > LONGEST_IDENTIFIER)
    throw xml130Errors.error('field-too-long', {
      field: name,
      reason: `${name} is longer than ${LONGEST_IDENTIFIER} characters`,
    });
  return text;
}

/** Longer ones are no names. */
const LONGEST_NAME = 200;

/** Reports are typed into templates that repeat the name. One word alone would hit other words of the text. */
function withoutName(text: string, name: string): string {
  const words = name.split(/\s+/);
  if (words.length < 2 || name.length > LONGEST_NAME) return text;
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+');
  return text.replace(new RegExp(`(?<!\\p{L})${pattern}(?!\\p{L})`, 'giu'), '***');
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

type ImportLine = MeasurementLine | ReportLine | Rejected;

function readRow(row: Row, { identity: { record, patient, name }, groups, indicators }: RowContext): ImportLine[] {
  const unclear = READ_FIELDS.find((one) => row.unclear.has(one));
  if (unclear !== undefined)
    throw xml130Errors.error('unclear-field', {
      field: unclear,
      reason: `${unclear} stands twice with different contents or holds elements`,
    });
  const owner = field(row, 'MA_LK');
  if (owner !== '' && owner !== record) throw xml130Errors.error('other-record', { field: 'MA_LK' });
  const { GIA_TRI: value = '', DON_VI_DO: unit = '', MO_TA: text = '', KET_LUAN: conclusion = '' } = row.fields;
  const hasReport = `${text}${conclusion}`.trim() !== '';
  const hasValue = value.trim() !== '';
  if (!hasValue && !hasReport) throw xml130Errors.error('empty-row', { field: 'GIA_TRI' });
  const time = requiredTime(row);
  const code = identifier(row, 'MA_CHI_SO');
  const service = identifier(row, 'MA_DICH_VU');
  const found: ImportLine[] = [];
  if (hasValue && code === '')
    found.push(
      inRow(
        row,
        rejected(
          record,
          xml130Errors.error('missing-field', { field: 'MA_CHI_SO', reason: 'MA_CHI_SO is empty beside a value' }),
        ),
      ),
    );
  else if (hasValue) {
    const loinc = indicators.get(code) ?? null;
    const { value: number = null, comparator = null } = readNumber(value) ?? {};
    found.push({
      kind: 'measurement',
      record,
      patient,
      code,
      loinc,
      value: number,
      comparator,
      text: value,
      unit,
      time,
    });
  }
  // A laboratory row may repeat its order's conclusion: a report only where the service is one that a doctor reads.
  if (hasReport && (!hasValue || REPORTED_GROUPS.has(groups.get(service) ?? '')))
    found.push({
      kind: 'report',
      record,
      patient,
      service,
      text: withoutName(text, name),
      conclusion: withoutName(conclusion, name),
      time,
    });
  return found;
}

function inRow(row: Row, fault: Rejected): Rejected {
  const number = field(row, 'STT');
  return { ...fault, reason: `XML4 row ${/^\d{1,9}$/.test(number) ? number : '?'}: ${fault.reason}` };
}

/** A row that cannot be used is a rejection; nothing is thrown for it. */
export function readResultRow(row: Row, context: RowContext): ImportLine[] {
  try {
    return readRow(row, context);
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return [inRow(row, rejected(context.identity.record, error))];
  }
}
