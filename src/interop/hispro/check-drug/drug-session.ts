// One check of one set of drugs: what was asked about, whether the page was opened, and what the doctor chose there.
import type { LinkKey } from '#access/signed-link.ts';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import type { DrugCheck } from './request.ts';
import type { HisproStore } from '#interop/hispro/ports.ts';

const session = z.object({
  patientCode: z.string(),
  treatmentCode: z.string().nullable(),
  prescriber: z.string().nullable(),
  alertIds: z.array(z.string()),
  askedAt: z.string(),
  opened: z.boolean(),
  choice: z.enum(['reconsider', 'proceed']).nullable(),
});
export type DrugSession = z.infer<typeof session>;

const ROOM = 'hispro-check';
/** A prescription is written in minutes; the page holds patient data and must not stay reachable. */
const LIVES_MS = 60 * 60_000;

/**
 * The session's public name. HisPro opens the page with it and nothing else, so it is derived with a secret: nobody can
 * guess it, and the same session, drugs and treatment have the same name.
 */
export function sessionNameOf(check: DrugCheck, key: LinkKey): Uuid {
  const about = JSON.stringify([
    check.sessionId,
    check.treatmentCode,
    check.patientCode,
    check.prescriber,
    check.drugs,
  ]);
  return derivedUuid('hispro-check', createHmac('sha256', key.secret).update(about).digest('hex'));
}

export async function readSession(store: HisproStore, name: string, now: Date): Promise<DrugSession | undefined> {
  const record = await store.records.get(ROOM, name);
  const parsed = session.safeParse(record?.value);
  if (!parsed.success || now.getTime() - Date.parse(parsed.data.askedAt) > LIVES_MS) return undefined;
  return parsed.data;
}

export const writeSession = (store: HisproStore, name: string, value: DrugSession): Promise<void> =>
  store.records.put(ROOM, name, value);

const FORGOTTEN_AT_ONCE = 100;

/** A session names patient and prescriber, so it is deleted when it has expired. */
export async function forgetOldSessions(store: HisproStore, now: Date): Promise<void> {
  const sessions = await store.records.list(ROOM, { limit: FORGOTTEN_AT_ONCE });
  const old = sessions.filter(({ updatedAt }) => now.getTime() - Date.parse(updatedAt) > LIVES_MS);
  await Promise.all(old.map(({ key }) => store.records.remove(ROOM, key)));
}
