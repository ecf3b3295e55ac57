// Breaking the glass: a clinician opens one person's records of another facility for an hour, with a reason. The reason stands in the audit
// trails of both facilities before anything is shown, and each look is an entry of its own.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { Clock } from '#kernel/clock.ts';
import { newUuid } from '#kernel/ids.ts';
import { z } from 'zod';
import { emergencyErrors } from './errors.ts';

const ROOM = 'emergency';
const LASTS_MS = 3_600_000;
const MOST_LISTED = 500;

const grantSchema = z.strictObject({
  id: z.string(),
  actor: z.string(),
  /** Whose people the actor is one of. */
  home: z.string(),
  patientCode: z.string(),
  reason: z.string(),
  openedAt: z.string(),
  endsAt: z.string(),
});
export type Grant = z.infer<typeof grantSchema>;

export interface EmergencyStore {
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    put(room: string, key: string, value: unknown): Promise<void>;
    list(room: string, options: { readonly limit: number }): Promise<readonly { readonly value: unknown }[]>;
  };
  readonly audit: { append(entry: AuditEntry): Promise<unknown> };
}

export interface EmergencyDeps<Store extends EmergencyStore> {
  readonly clock: Clock;
  readonly facilities: () => Promise<readonly string[]>;
  readonly facility: (id: string) => Promise<Store>;
}

export interface Asker {
  readonly actor: string;
  readonly facilityId: string;
}

export interface Wanted {
  readonly facility: string;
  readonly patientCode: string;
  readonly reason: string;
}

export function emergencyAccess<Store extends EmergencyStore>(deps: EmergencyDeps<Store>) {
  const { clock, facilities, facility } = deps;

  /** Asking for a facility that is not there must not make it. */
  async function storeOf(id: string): Promise<Store> {
    if (!(await facilities()).includes(id)) throw emergencyErrors.error('unknown-facility', { field: 'facility' });
    return facility(id);
  }

  return {
    /** Throws CareError `emergency.own-facility`, `emergency.unknown-facility`. */
    async open({ actor, facilityId: home }: Asker, { facility: target, patientCode, reason }: Wanted): Promise<Grant> {
      if (target === home) throw emergencyErrors.error('own-facility', { field: 'facility' });
      const there = await storeOf(target);
      const now = clock.now();
      const endsAt = new Date(now.getTime() + LASTS_MS).toISOString();
      const grant: Grant = { id: newUuid(), actor, home, patientCode, reason, openedAt: now.toISOString(), endsAt };
      const entry = { actor, action: 'emergency.opened', subjectType: 'patient', subjectId: patientCode };
      const detail = { grant: grant.id, from: home, to: target, reason, endsAt };
      await there.audit.append({ ...entry, detail });
      await (await facility(home)).audit.append({ ...entry, detail });
      await there.records.put(ROOM, grant.id, grant);
      return grant;
    },
    /** The store that may be read for this person. Throws CareError `emergency.ended`, `emergency.unknown-facility`. */
    async use({ actor, facilityId }: Asker, target: string, id: string): Promise<{ grant: Grant; store: Store }> {
      const store = await storeOf(target);
      const grant = grantSchema.safeParse((await store.records.get(ROOM, id))?.value).data;
      const holds =
        grant !== undefined &&
        grant.actor === actor &&
        grant.home === facilityId &&
        Date.parse(grant.endsAt) > clock.now().getTime();
      if (!holds) throw emergencyErrors.error('ended', { field: 'id' });
      await store.audit.append({
        actor,
        action: 'emergency.read',
        subjectType: 'patient',
        subjectId: grant.patientCode,
        detail: { grant: id, from: facilityId },
      });
      return { grant, store };
    },
    /** Into this facility, the newest first. */
    async list(facilityId: string): Promise<readonly Grant[]> {
      const { records } = await facility(facilityId);
      const kept = await records.list(ROOM, { limit: MOST_LISTED });
      return kept
        .flatMap(({ value }) => grantSchema.safeParse(value).data ?? [])
        .toSorted((a, b) => b.openedAt.localeCompare(a.openedAt));
    },
  };
}
