// The worklist as a table: a study a line, with its patient's code and no name.
import { csvTable } from '#http/csv.ts';
import type { WorklistRow } from './schema.ts';

const COLUMNS = [
  'study_uid',
  'patient_code',
  'sex',
  'age_years',
  'accession_number',
  'modality',
  'description',
  'received_at',
  'place',
  'because',
  'outcome',
  'reasons',
  'positive_findings',
  'undecided',
  'open_alerts',
  'alert_answered',
  'opened_at',
  'closed_at',
] as const;

const foundText = ({ code, probability, said }: WorklistRow['findings'][number]): string =>
  [code, probability?.toFixed(3), said].filter((part) => part !== null && part !== undefined).join(' ');

export const worklistTable = (rows: readonly WorklistRow[]): string =>
  csvTable(
    COLUMNS,
    rows.map((row) => [
      row.studyUid,
      row.patient.id,
      row.patient.sex,
      row.ageYears,
      row.accessionNumber,
      row.modality,
      row.description,
      row.receivedAt,
      row.place,
      row.because.code,
      row.outcome,
      row.reasons.map(({ code }) => code).join(' '),
      row.findings.map(foundText).join('; '),
      row.undecided,
      row.alertIds.length,
      row.answered,
      row.openedAt,
      row.closedAt,
    ]),
  );
