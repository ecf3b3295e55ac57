// The diagnoses of a claim record: codes of ICD-10 (QĐ 4469) in its XML1, under the names of QĐ 130 and of the older 4210.
import type { Diagnoses } from './import-lines.ts';
import { field, type Row } from './tables.ts';
import { readTime } from './time.ts';

const MAIN = ['MA_BENH_CHINH', 'MA_BENH'];
const OTHERS = ['MA_BENH_KT', 'MA_BENHKHAC'];
const TIMES = ['NGAY_VAO', 'NGAY_RA'];
/** A longer text is no code. */
const LONGEST_CODE = 20;

/** Undefined where the record names none. A field that stands twice with different contents says nothing. */
export function diagnosesIn(
  summary: Row,
  { record, patient }: Pick<Diagnoses, 'record' | 'patient'>,
): Diagnoses | undefined {
  const codes = [...MAIN, ...OTHERS]
    .flatMap((name) => field(summary, name).split(';'))
    .map((code) => code.trim())
    .filter((code) => code !== '' && code.length <= LONGEST_CODE);
  if (codes.length === 0) return undefined;
  const time = TIMES.map((name) => readTime(field(summary, name))).find((read) => read !== undefined);
  return { kind: 'diagnoses', record, patient, codes: [...new Set(codes)], ...(time !== undefined && { time }) };
}
