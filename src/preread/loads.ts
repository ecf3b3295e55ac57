// How loaded a facility's readers are, for the alert policy's caps and budget: filled once from the store, then kept by what happens.
import type { Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { AlertLoad } from '#alerts/load.ts';
import type { AlertPolicy } from '#alerts/policy.ts';
import { type RollingLoad, rollingLoad } from '#alerts/rolling-load.ts';

export interface LoadStore {
  readonly alerts: {
    list(filter: { readonly since: string; readonly limit: number }): Promise<readonly Alert[]>;
  };
  readonly worklist: {
    list(
      filter: { readonly state: 'all'; readonly receivedFrom: string },
      page: { readonly limit: number },
    ): Promise<readonly { readonly study: { readonly patientKey: string; readonly receivedAt: string } }[]>;
  };
}

export interface Loads {
  /** Before the decision on a new reading of this patient. */
  before(facilityId: string, patientKey: string): Promise<AlertLoad>;
  raised(facilityId: string, alert: Alert): Promise<void>;
}

export interface LoadsDeps {
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  facility(id: string): Promise<LoadStore>;
}

const DAY_MS = 86_400_000;
/** Of one window; a hospital has fewer, and beyond it the budget only counts too few. */
const MOST_ROWS = 20_000;

/** Several services on one database each see the others' alerts only after their next start: the budget is per reader process. */
export function createLoads({ clock, policy, facility }: LoadsDeps): Loads {
  const loads = new Map<string, Promise<RollingLoad>>();

  async function fill(facilityId: string): Promise<RollingLoad> {
    const load = rollingLoad(policy);
    const since = new Date(clock.now().getTime() - policy.budget.windowDays * DAY_MS).toISOString();
    const store = await facility(facilityId);
    const studies = await store.worklist.list({ state: 'all', receivedFrom: since }, { limit: MOST_ROWS });
    const alerts = await store.alerts.list({ since, limit: MOST_ROWS });
    // Oldest first: the load's windows only move forward.
    const received = studies.map(({ study }) => study).toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt));
    for (const { patientKey, receivedAt } of received) load.patientSeen(patientKey, new Date(receivedAt));
    for (const alert of alerts.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))) load.raised(alert);
    return load;
  }

  function loadOf(facilityId: string): Promise<RollingLoad> {
    const known = loads.get(facilityId) ?? fill(facilityId);
    loads.set(facilityId, known);
    known.catch(() => loads.delete(facilityId));
    return known;
  }

  return {
    async before(facilityId, patientKey) {
      const load = await loadOf(facilityId);
      load.patientSeen(patientKey, clock.now());
      return load.now(clock.now());
    },
    async raised(facilityId, alert) {
      (await loadOf(facilityId)).raised(alert);
    },
  };
}
