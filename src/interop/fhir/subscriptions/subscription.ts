// Subscriptions: kept, changed and shown as resources; finds the subscribers of an alert.
import type { Alert } from '#kernel/alert.ts';
import { newUuid, type Uuid } from '#kernel/ids.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import type { FhirStore } from '#interop/fhir/ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { EVERY, pageOf } from '#interop/fhir/search/mixed.ts';
import type { Token } from '#interop/fhir/search/token.ts';
import { keptCriteria, readSubscription, stored, type Wanted } from './subscription-judge.ts';
import type { IdentifierSystems } from '#interop/fhir/systems.ts';
import { ISSUE_STATUS } from '#interop/fhir/views/detected-issue.ts';
import type { ResourceType } from '#interop/fhir/resources/types.ts';

const ROOM = 'fhir-subscription';
const MOST = 200;

export interface Subscription extends Wanted {
  readonly id: Uuid;
  readonly updatedAt: string;
}
const nameOf = (header: string): string => header.slice(0, header.indexOf(':'));
/** A header may hold a password: its value is not shown again. */
const masked = (header: string): string => `${nameOf(header)}: ***`;

/** What was shown masked comes back masked with an update, and means what it was. */
const unmasked = (header: string, before: readonly string[]): string =>
  header === masked(header) ? (before.find((one) => nameOf(one) === nameOf(header)) ?? header) : header;

export const isOff = ({ off = false, end }: Subscription, now: Date): boolean =>
  off || (end !== undefined && Date.parse(end) <= now.getTime());

export function subscriptionView(one: Subscription, now: Date): Resource {
  return {
    resourceType: 'Subscription',
    id: one.id,
    meta: { lastUpdated: one.updatedAt },
    status: isOff(one, now) ? 'off' : one.error === undefined ? 'active' : 'error',
    ...(one.end !== undefined && { end: one.end }),
    reason: one.reason,
    criteria: one.criteria,
    ...(one.error !== undefined && { error: one.error }),
    channel: {
      type: 'rest-hook',
      endpoint: one.endpoint,
      ...(one.payload !== undefined && { payload: one.payload }),
      ...(one.header.length > 0 && { header: one.header.map(masked) }),
    },
  };
}

const fromRecord = (key: string, value: unknown, updatedAt: string): Subscription | undefined => {
  const parsed = stored.safeParse(value);
  return parsed.success ? { ...parsed.data, id: key, updatedAt } : undefined;
};

export async function listSubscriptions({ records }: Pick<FhirStore, 'records'>): Promise<readonly Subscription[]> {
  const rows = await records.list(ROOM, { limit: MOST });
  return rows.flatMap(({ key, value, updatedAt }) => fromRecord(key, value, updatedAt) ?? []);
}

/** A facility has a handful of them. */
export const subscriptionType = (all: readonly Resource[]): ResourceType => ({
  parameters: [],
  search: async (_find, page) => pageOf(all, page),
  count: async (_find, page) => pageOf(all, { ...page, limit: EVERY }).length,
  sorts: [],
  includes: new Map(),
  hasProvenance: false,
});

/** Throws `fhir.not-found`. */
export async function getSubscription({ records }: Pick<FhirStore, 'records'>, id: string): Promise<Subscription> {
  const row = await records.get(ROOM, id);
  const found = row && fromRecord(id, row.value, row.updatedAt);
  if (found === undefined) throw fhirErrors.error('not-found', { field: 'id' });
  return found;
}

/** Throws as `readSubscription`, and `fhir.unprocessable` when there are too many. */
export async function createSubscription(
  store: Pick<FhirStore, 'records' | 'audit'>,
  body: unknown,
  by: { readonly actor: string; readonly subscribers: readonly string[] },
): Promise<Subscription> {
  const wanted = readSubscription(body, by.subscribers);
  if ((await listSubscriptions(store)).length >= MOST) {
    throw fhirErrors.error('unprocessable', { field: 'Subscription', reason: `there are ${MOST} already` });
  }
  const id = newUuid();
  await store.records.put(ROOM, id, wanted);
  await store.audit.append({
    actor: by.actor,
    action: 'subscription.created',
    subjectType: 'subscription',
    subjectId: id,
    detail: { criteria: wanted.criteria, origin: new URL(wanted.endpoint).origin },
  });
  return getSubscription(store, id);
}

/** Throws `fhir.not-found`, `fhir.bad-resource` where the body is of another id, and as `readSubscription`. */
export async function updateSubscription(
  store: Pick<FhirStore, 'records' | 'audit'>,
  id: string,
  change: { readonly body: unknown; readonly actor: string; readonly subscribers: readonly string[] },
): Promise<Subscription> {
  const before = await getSubscription(store, id);
  const { body } = change;
  const sent = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  if (sent !== id)
    throw fhirErrors.error('bad-resource', { field: 'Subscription.id', reason: 'not the id of the address' });
  const wanted = readSubscription(body, change.subscribers);
  await store.records.put(ROOM, id, {
    ...wanted,
    header: wanted.header.map((header) => unmasked(header, before.header)),
  });
  await store.audit.append({
    actor: change.actor,
    action: 'subscription.changed',
    subjectType: 'subscription',
    subjectId: id,
    detail: { criteria: wanted.criteria, origin: new URL(wanted.endpoint).origin, off: wanted.off === true },
  });
  return getSubscription(store, id);
}

/** Whether messages arrive, where that has changed: `error` is a fixed word or code, undefined where they do. */
export async function noteDelivery(
  { records }: Pick<FhirStore, 'records'>,
  id: string,
  error: string | undefined,
): Promise<void> {
  const row = await records.get(ROOM, id);
  const now = row && stored.safeParse(row.value);
  if (now?.success !== true || now.data.error === error) return;
  const { error: _, ...rest } = now.data;
  await records.put(ROOM, id, { ...rest, ...(error !== undefined && { error }) });
}

/** Nothing to delete is no fault (R4). */
export async function deleteSubscription(
  store: Pick<FhirStore, 'records' | 'audit'>,
  id: string,
  actor: string,
): Promise<void> {
  if ((await store.records.get(ROOM, id)) === undefined) return;
  await store.records.remove(ROOM, id);
  await store.audit.append({ actor, action: 'subscription.deleted', subjectType: 'subscription', subjectId: id });
}

/** Does the alert, as it is now, meet the criteria? A suppressed one is never pushed. */
export function matches(
  subscription: Subscription,
  alert: Alert,
  { systems, now }: { systems: IdentifierSystems; now: Date },
): boolean {
  if (alert.suppressedBecause !== undefined) return false;
  if (isOff(subscription, now)) return false;
  const holds = (asks: string, { system, value }: Token): boolean =>
    asks === 'status'
      ? value === ISSUE_STATUS[alert.status]
      : value === alert.subject.patientCode && (system === undefined || system === systems.patient);
  const asked = keptCriteria(subscription.criteria);
  return asked?.tokens.every(({ asks, anyOf }) => anyOf.some((token) => holds(asks, token))) ?? false;
}
