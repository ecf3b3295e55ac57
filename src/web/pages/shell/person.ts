// A person and a priority as a reader sees them.
import type { Priority } from '#client/client.ts';
import { say } from './words.ts';

interface Facts {
  readonly patient: { readonly id: string | null; readonly name: string | null; readonly sex: string | null };
  readonly ageYears: number | null;
}

/** `NGUYỄN^VĂN^AN` as a person writes it. */
export const nameOf = ({ patient }: Pick<Facts, 'patient'>): string =>
  patient.name?.split('=')[0]?.replaceAll('^', ' ').trim() || say('unnamed');

const sexOf = (sex: string | null): string | undefined =>
  sex === 'M' || sex === 'F' || sex === 'O' ? say(`sex.${sex}`) : undefined;

export const ageAndSex = (facts: { readonly ageYears: number | null; readonly sex: string | null }): string =>
  [sexOf(facts.sex), facts.ageYears === null ? undefined : say('age', { n: Math.floor(facts.ageYears) })]
    .filter((part) => part !== undefined)
    .join(' · ');

export const personOf = ({ patient, ageYears }: Facts): string =>
  [ageAndSex({ ageYears, sex: patient.sex }), patient.id].filter((part) => part).join(' · ');

/** Never colour alone. */
export const SIGNS: Readonly<Record<Priority, string>> = { critical: '▲▲', urgent: '▲', routine: '●' };

export const studyAddress = (uid: string): string => `/studies/${encodeURIComponent(uid)}`;
export const patientAddress = (code: string): string => `/patients/${encodeURIComponent(code)}`;
export const filmAddress = (uid: string, size: number): string => `/v1/images/${encodeURIComponent(uid)}?size=${size}`;
