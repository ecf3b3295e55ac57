// The services that `GET /cds-services` lists: one id for all four hooks, so that a later answer replaces an earlier card.
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { HOOKS, type Hook } from '#interop/cds-hooks/request/request.ts';

export const SERVICE_ID = 'patient-alerts';

/** What is read about the patient. Keys as in the request; values are FHIR queries with the patient's id filled in. */
export const PREFETCH = {
  patient: 'Patient/{{context.patientId}}',
  labs: 'Observation?patient={{context.patientId}}&category=laboratory&_sort=-date&_count=50',
  vitals: 'Observation?patient={{context.patientId}}&category=vital-signs&_sort=-date&_count=20',
  social: 'Observation?patient={{context.patientId}}&category=social-history&_sort=-date&_count=20',
  conditions: 'Condition?patient={{context.patientId}}',
} as const;
export type PrefetchKey = keyof typeof PREFETCH;

export const PREFETCH_KEYS: readonly PrefetchKey[] = ['patient', 'labs', 'vitals', 'social', 'conditions'];

export const queryFor = (key: PrefetchKey, patientId: string): string =>
  PREFETCH[key].replaceAll('{{context.patientId}}', encodeURIComponent(patientId));

export interface ServiceEntry {
  readonly hook: Hook;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly usageRequirements: string;
  readonly prefetch: Readonly<Record<string, string>>;
}

export const discovery = (language: Language): { readonly services: readonly ServiceEntry[] } => ({
  services: HOOKS.map((hook) => ({
    hook,
    id: SERVICE_ID,
    title: say(language, 'cds-hooks.service.title'),
    description: say(language, 'cds-hooks.service.description'),
    version: '1.0.0',
    usageRequirements: say(language, 'alerts.limitation.decision-support'),
    prefetch: PREFETCH,
  })),
});
