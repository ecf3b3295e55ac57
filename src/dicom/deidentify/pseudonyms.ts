// Names that cannot be traced back without the key, and are the same in every run with it: so films of one person stay together.
import { DAY_MS } from '#kernel/clock.ts';
import { createHmac } from 'node:crypto';
import { derivedUid } from '#dicom/write/uid.ts';

export interface Pseudonyms {
  /** For a patient ID; a film without one is a person of its own. */
  patient(id: string): string;
  uid(uid: string): string;
  /** Days by which this patient's dates move back: 30 to 394. */
  daysBack(id: string): number;
}

export function createPseudonyms(key: Buffer): Pseudonyms {
  const digest = (kind: string, value: string): Buffer =>
    createHmac('sha256', key).update(`${kind}\0${value}`).digest();
  return {
    patient: (id) => `ANON-${digest('patient', id).toString('hex').slice(0, 12).toUpperCase()}`,
    uid: (uid) => derivedUid('haidang-deidentified', digest('uid', uid).toString('hex')),
    daysBack: (id) => 30 + (digest('days', id).readUInt32BE(0) % 365),
  };
}

/** `20260301` moved back; empty for what is no date. */
export function movedDate(date: string, daysBack: number): string {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date.trim());
  if (match === null) return '';
  const at = Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`);
  if (Number.isNaN(at)) return '';
  return new Date(at - daysBack * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Nobody is so old that the age alone names them: from 90 years on all are 90. */
export function coarseAge(age: string): string {
  const match = /^(\d{3})([DWMY])$/.exec(age.trim());
  if (match === null) return '';
  return match[2] === 'Y' && Number(match[1]) > 89 ? '090Y' : match[0];
}
