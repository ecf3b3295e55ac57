// The same load as `measureLoad`, kept up to date while history goes by, so that a year of it replays in seconds.
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import type { Alert } from '#kernel/alert.ts';
import { ruleOfKey, type AlertLoad } from './reader-load.ts';
import { interrupts, type AlertPolicy } from '#alerts/policy/policy.ts';

interface Counter {
  add(name: string, atMs: number): void;
  /** Counts of what is younger than the window; times must not run backwards. */
  at(nowMs: number): ReadonlyMap<string, number>;
}

function slidingCounter(windowMs: number): Counter {
  const entries: { name: string; atMs: number }[] = [];
  const counts = new Map<string, number>();
  let oldest = 0;
  return {
    add(name, atMs) {
      entries.push({ name, atMs });
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    at(nowMs) {
      for (let entry = entries[oldest]; entry !== undefined; entry = entries[oldest]) {
        if (nowMs - entry.atMs < windowMs) break;
        const left = (counts.get(entry.name) ?? 1) - 1;
        if (left === 0) counts.delete(entry.name);
        else counts.set(entry.name, left);
        oldest += 1;
      }
      return counts;
    },
  };
}

export interface RollingLoad {
  patientSeen(patient: string, at: Date): void;
  raised(alert: Alert): void;
  now(at: Date): AlertLoad;
}

export function rollingLoad(policy: AlertPolicy): RollingLoad {
  const windowMs = policy.budget.windowDays * DAY_MS;
  const byRule = slidingCounter(HOUR_MS);
  const byRole = slidingCounter(windowMs);
  const byPatient = slidingCounter(windowMs);
  return {
    patientSeen: (patient, at) => byPatient.add(patient, at.getTime()),
    raised(alert) {
      if (alert.suppressedBecause !== undefined) return;
      const atMs = Date.parse(alert.createdAt);
      byRule.add(ruleOfKey(alert.dedupKey), atMs);
      if (!interrupts(alert.severity, policy)) return;
      for (const role of alert.audience.roles) byRole.add(role, atMs);
    },
    now: (at) => ({
      raisedLastHour: Object.fromEntries(byRule.at(at.getTime())),
      interruptiveByRole: Object.fromEntries(byRole.at(at.getTime())),
      patients: byPatient.at(at.getTime()).size,
    }),
  };
}
