// The alert budget: how many interruptions per 100 patients a role tolerates, and which tier gives way first.
import type { Severity } from '#kernel/alert.ts';
import type { AlertLoad } from './reader-load.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';

/**
 * The first role whose budget has no room for one more interruption of this tier, or null.
 * A tier may fill its share of the budget only, so the rest stays free for the tiers above it.
 */
export function fullRole(
  severity: Severity,
  roles: readonly string[],
  load: AlertLoad,
  policy: AlertPolicy,
): string | null {
  const { budget } = policy;
  if (load.patients < budget.minimumPatients) return null;
  for (const { role, interruptivePer100Patients } of budget.perRole) {
    if (!roles.includes(role)) continue;
    const room = (interruptivePer100Patients / 100) * load.patients * budget.tierShare[severity];
    if ((load.interruptiveByRole[role] ?? 0) + 1 > room) return role;
  }
  return null;
}
