// The query of a QIDO-RS search: keywords and tags, wildcards, date ranges and pages, or a refusal that names the key.
import type { FastifyRequest } from 'fastify';
import { dicomwebErrors } from './errors.ts';
import type { StudyMatch } from '#kernel/study-match.ts';

const MOST = 500;

/** Keywords and tags of the same attribute. */
const KEYS: Readonly<Record<string, string>> = {
  StudyDate: '00080020',
  AccessionNumber: '00080050',
  Modality: '00080060',
  ModalitiesInStudy: '00080061',
  StudyDescription: '00081030',
  PatientName: '00100010',
  PatientID: '00100020',
  StudyInstanceUID: '0020000D',
  SeriesInstanceUID: '0020000E',
  SOPInstanceUID: '00080018',
  SOPClassUID: '00080016',
};
/** They shape the answer or say how to search; unknown keys are refused, for an ignored filter would answer with strangers. */
const SHAPING = new Set(['includefield', 'fuzzymatching', 'accept', 'limit', 'offset']);
/** Viewers send these; studies here do not keep them apart, so that they narrow nothing and the answer says so. */
const UNMATCHED = new Set(['StudyTime', '00080030', 'ReferringPhysicianName', '00080090', 'StudyID', '00200010']);

export interface SearchQuery {
  readonly values: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

function whole(values: URLSearchParams, name: string, fallback: number): number {
  const value = values.get(name);
  if (value === null) return fallback;
  if (!/^[0-9]{1,9}$/.test(value))
    throw dicomwebErrors.error('bad-query', { field: name, reason: 'not a whole number' });
  return Number(value);
}

export function readQuery(request: FastifyRequest): SearchQuery {
  const given = new URL(request.url, 'http://x').searchParams;
  const values = new Map<string, string>();
  const ignored: string[] = [];
  for (const [name, value] of given) {
    if (SHAPING.has(name)) continue;
    const key = KEYS[name] ?? (Object.values(KEYS).includes(name.toUpperCase()) ? name.toUpperCase() : undefined);
    if (key !== undefined && value !== '' && value !== '*') values.set(key, value);
    else if (UNMATCHED.has(name)) ignored.push(name);
    else if (key === undefined)
      throw dicomwebErrors.error('bad-query', { field: name.slice(0, 64), reason: 'not a search key here' });
  }
  return { values, ignored, limit: Math.min(whole(given, 'limit', 100), MOST), offset: whole(given, 'offset', 0) };
}

/** `20260101`, `20260101-20260131`, `-20260131`, `20260101-`. */
function datesOf(value: string | undefined): { fromDate?: string; toDate?: string } {
  if (value === undefined) return {};
  const match = /^(?:(\d{4})(\d{2})(\d{2}))?(-)?(?:(\d{4})(\d{2})(\d{2}))?$/.exec(value);
  if (match === null || value === '-' || (match[4] === undefined && match[5] !== undefined))
    throw dicomwebErrors.error('bad-query', { field: 'StudyDate', reason: 'not a date or range of dates' });
  const [, y1, m1, d1, range, y2, m2, d2] = match;
  const from = y1 === undefined ? undefined : `${y1}-${m1}-${d1}`;
  const to = range === undefined ? from : y2 === undefined ? undefined : `${y2}-${m2}-${d2}`;
  return { ...(from !== undefined && { fromDate: from }), ...(to !== undefined && { toDate: to }) };
}

export const matchOf = ({ values, limit, offset }: SearchQuery): StudyMatch => {
  const value = (tag: string) => values.get(tag);
  const fields = {
    patientId: value('00100020'),
    patientName: value('00100010'),
    accessionNumber: value('00080050'),
    description: value('00081030'),
    modality: value('00080061') ?? value('00080060'),
    studyUids: value('0020000D')?.split(/[\\,]/),
  };
  const kept = Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== undefined));
  return { ...kept, ...datesOf(value('00080020')), limit, offset };
};
