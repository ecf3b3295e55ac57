// Subscriptions: a resource is judged and kept, an alert comes in and those who asked for it go out.
import { z } from 'zod';
import type { Alert } from '#kernel/alert.ts';
import { newUuid, type Uuid } from '#kernel/ids.ts';
import { fhirErrors } from './errors.ts';
import type { FhirStore } from './ports.ts';
import type { Resource } from './resource.ts';
import { EVERY, pageOf } from './search/mixed.ts';
import { parseSearch, type SearchParameter, type SearchRules } from './search/parse.ts';
import type { Token } from './search/token.ts';
import { isSafeAddress } from './settings.ts';
import type { IdentifierSystems } from './systems.ts';
import { ISSUE_STATUS } from './views/detected-issue.ts';
import type { ResourceType } from './types.ts';

const ROOM = 'fhir-subscription';
const MOST = 200;
const INSTANT = z.iso.datetime({ offset: true });

/** R4 Subscription, as far as it is used here; what is not known is refused rather than silently not done. */
const given = z.strictObject({
  resourceType: z.literal('Subscription'),
  id: z.string().optional(),
  meta: z.looseObject({}).optional(),
  language: z.string().optional(),
  text: z.looseObject({}).optional(),
  status: z.enum(['requested', 'active', 'error', 'off']),
  contact: z.array(z.looseObject({})).optional(),
  end: INSTANT.optional(),
  reason: z.string().min(1),
  criteria: z.string().min(1).max(1000),
  error: z.string().optional(),
  channel: z.strictObject({
    type: z.literal('rest-hook'),
    endpoint: z.string().max(2000),
    payload: z.enum(['application/fhir+json', 'application/json']).optional(),
    header: z
      .array(z.string().regex(/^[A-Za-z0-9-]+: ?[\u0020-\u007e]+$/, 'must be Name: value'))
      .max(10)
      .optional(),
  }),
});

const stored = z.object({
  reason: z.string(),
  criteria: z.string(),
  end: z.string().optional(),
  endpoint: z.string(),
  payload: z.string().optional(),
  header: z.array(z.string()).default([]),
});

export interface Subscription extends z.infer<typeof stored> {
  readonly id: Uuid;
  readonly updatedAt: string;
}

/** What criteria may ask of an alert. */
const CRITERIA: readonly SearchParameter[] = [
  { name: 'status', type: 'token', asks: 'status', own: true },
  { name: 'patient', type: 'reference', asks: 'patient' },
];

/** Headers that say where the body goes or what it is are ours. */
const OUR_HEADERS = new Set([
  'host',
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'x-request-id',
]);

const SUBSCRIBED: SearchRules = {
  type: 'DetectedIssue',
  parameters: CRITERIA,
  sorts: [],
  includes: new Map(),
  hasProvenance: false,
};

function askedBy(criteria: string) {
  const at = criteria.indexOf('?');
  const type = at < 0 ? criteria : criteria.slice(0, at);
  if (type !== 'DetectedIssue') {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.criteria',
      reason: 'only DetectedIssue can be subscribed to',
    });
  }
  const parameters = at < 0 ? [] : [...new URLSearchParams(criteria.slice(at + 1))];
  // The time plays no part: no criterion is a date.
  const { asked, unknown } = parseSearch(parameters, SUBSCRIBED, new Date(0));
  const only = parameters.every(([name]) => !name.startsWith('_'));
  if (unknown.length > 0 || !only) {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.criteria',
      reason: 'only status and patient can be asked for',
    });
  }
  return asked;
}

/** Throws `fhir.bad-resource` or `fhir.unprocessable` with the element at fault. */
export function readSubscription(body: unknown, subscribers: readonly string[]): z.infer<typeof stored> {
  const parsed = given.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const extra = issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
    const field = ['Subscription', ...(issue?.path.map(String) ?? []), ...extra].join('.');
    throw fhirErrors.error('bad-resource', { field, reason: issue?.message ?? 'not a Subscription' });
  }
  const { criteria, reason, end, channel } = parsed.data;
  askedBy(criteria);
  const origin = URL.parse(channel.endpoint)?.origin ?? '';
  if (!isSafeAddress(channel.endpoint) || !subscribers.includes(origin)) {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.channel.endpoint',
      reason: 'this site has not named the address as a subscriber (fhir.subscribers)',
    });
  }
  const header = channel.header ?? [];
  const foreign = header.find((one) => OUR_HEADERS.has(one.slice(0, one.indexOf(':')).toLowerCase()));
  if (foreign !== undefined) {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.channel.header',
      reason: 'this header is set here',
    });
  }
  return {
    criteria,
    reason,
    endpoint: channel.endpoint,
    header,
    ...(end !== undefined && { end }),
    ...(channel.payload !== undefined && { payload: channel.payload }),
  };
}

/** A header may hold a password: its value is not shown again. */
const masked = (header: string): string => `${header.slice(0, header.indexOf(':'))}: ***`;

export function subscriptionView(one: Subscription, now: Date): Resource {
  const over = one.end !== undefined && Date.parse(one.end) <= now.getTime();
  return {
    resourceType: 'Subscription',
    id: one.id,
    meta: { lastUpdated: one.updatedAt },
    status: over ? 'off' : 'active',
    ...(one.end !== undefined && { end: one.end }),
    reason: one.reason,
    criteria: one.criteria,
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
  { criteria, end }: Subscription,
  alert: Alert,
  { systems, now }: { systems: IdentifierSystems; now: Date },
): boolean {
  if (alert.suppressedBecause !== undefined) return false;
  if (end !== undefined && Date.parse(end) <= now.getTime()) return false;
  const holds = (asks: string, { system, value }: Token): boolean =>
    asks === 'status'
      ? value === ISSUE_STATUS[alert.status]
      : value === alert.subject.patientCode && (system === undefined || system === systems.patient);
  return askedBy(criteria).tokens.every(({ asks, anyOf }) => anyOf.some((token) => holds(asks, token)));
}
