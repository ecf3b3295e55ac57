// The phantoms' measurements through the public API, so that the page of a patient has risks, a trend and an observation chart to show.
import { HOUR_MS } from '#kernel/clock.ts';
import { visitsOf } from '#phantom-cxr/visits.ts';
import type { WorklistItem } from '#worklist/schema.ts';
import type { Api } from './api.ts';

const SEXES: Readonly<Record<string, 'male' | 'female'>> = { M: 'male', F: 'female' };

/** A person with several films is assessed once. Returns how many persons were. */
export async function sendVisits(api: Api, items: readonly WorklistItem[], now: Date): Promise<number> {
  const seen = new Set<string>();
  for (const { patient } of items) {
    const { id, birthDate } = patient;
    const sex = SEXES[patient.sex ?? ''];
    if (id === null || birthDate === null || sex === undefined || seen.has(id)) continue;
    seen.add(id);
    for (const { hoursAgo, equations, measurements } of visitsOf({ id, sex, birthDate })) {
      const asOf = new Date(now.getTime() - hoursAgo * HOUR_MS).toISOString();
      await api.assess({
        patient: { code: id, sex, birthDate },
        equations,
        measurements,
        asOf,
        explain: true,
        keep: true,
      });
    }
  }
  return seen.size;
}
