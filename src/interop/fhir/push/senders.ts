// Sends transaction Bundles to FHIR servers and notifications to subscribers.
import { withoutEnd } from '#kernel/text-end.ts';
import type { HeadsOf } from '#kernel/head.ts';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { faultWord } from '#delivery/fault-word.ts';
import type { Delivery, Sender } from '#delivery/ports.ts';
import type { FhirStore } from '#interop/fhir/ports.ts';
import type { FhirServer } from '#interop/fhir/settings.ts';
import {
  getSubscription,
  isOff,
  listSubscriptions,
  matches,
  noteDelivery,
  type Subscription,
} from '#interop/fhir/subscriptions/subscription.ts';
import type { IdentifierSystems } from '#interop/fhir/systems.ts';
import { detectedIssueView } from '#interop/fhir/views/detected-issue.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';
import { transactionOf } from './bundle.ts';
import { type AccessTokens, TokenError } from './smart.ts';

export interface PushDeps {
  readonly facility: (id: string) => Promise<FhirStore>;
  readonly clock: Clock;
  /** Known only once the service listens. */
  readonly systems: () => IdentifierSystems;
  readonly heads: HeadsOf;
}

/** Where every alert goes first, to be given to those who subscribed. */
export const SUBSCRIPTIONS = 'fhir-subscriptions';
export const serverTarget = (id: string): string => `fhir:${id}`;
const subscriberTarget = (origin: string): string => `fhir-subscriber:${origin}`;

const aboutAlert = z.looseObject({ alert: z.looseObject({ id: z.uuid() }) });
const aboutSubscription = z.looseObject({ alertId: z.uuid(), subscriptionId: z.uuid() });

const UNREADABLE: Delivery = { kind: 'refused', reason: 'message not understood' };
const MOST_WAIT_S = 3_600;
/** The content cannot be taken: sending it again will not help. */
const HOPELESS = new Set([400, 405, 409, 412, 413, 415, 422]);

const contextOf = ({ systems, heads }: PushDeps, how: Pick<ViewContext, 'language' | 'patients'>): ViewContext => ({
  systems: systems(),
  heads,
  ...how,
});

function verdict(response: Response, hopeless: ReadonlySet<number>): Delivery {
  if (response.ok) return { kind: 'delivered' };
  const reason = `HTTP ${response.status}`;
  if (hopeless.has(response.status)) return { kind: 'refused', reason };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, MOST_WAIT_S) * 1000 } : {};
  return { kind: 'later', reason, ...wait };
}

/** To one FHIR server. A token that is no longer taken is renewed at the next attempt. */
export function serverSender(server: FhirServer, tokens: AccessTokens | undefined, deps: PushDeps): Sender {
  return {
    target: serverTarget(server.id),
    async send(message, signal) {
      const about = aboutAlert.safeParse(message.body);
      if (!about.success) return UNREADABLE;
      const { find } = await deps.facility(message.facilityId);
      const bundle = await transactionOf(about.data.alert.id, message.topic, {
        find,
        context: contextOf(deps, { language: server.language, patients: server.patients }),
      });
      if (bundle === undefined) return { kind: 'refused', reason: 'alert not found' };
      const token = await tokens?.token(signal).catch((thrown: unknown) => {
        if (thrown instanceof TokenError) return thrown;
        throw thrown;
      });
      if (token instanceof TokenError) return { kind: 'later', reason: token.message };
      const response = await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/fhir+json; charset=utf-8',
          accept: 'application/fhir+json',
          prefer: 'return=minimal',
          'x-request-id': message.id,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(bundle),
        // A redirect would carry patient data to an address that nobody configured.
        redirect: 'error',
        signal,
      });
      await response.body?.cancel();
      if (response.status === 401) tokens?.forget();
      return verdict(response, HOPELESS);
    },
  };
}

/** One message about an alert becomes one per subscription that wants it; the same message always becomes the same ones. */
export function fanOutSender(deps: PushDeps): Sender {
  return {
    target: SUBSCRIPTIONS,
    async send(message) {
      const about = aboutAlert.safeParse(message.body);
      if (!about.success) return UNREADABLE;
      const store = await deps.facility(message.facilityId);
      const alertId = about.data.alert.id;
      const [found] = await store.find.alerts({ ids: [alertId], limit: 1 });
      if (found === undefined) return { kind: 'refused', reason: 'alert not found' };
      const { alert } = found.item;
      const wanting = (await listSubscriptions(store)).filter((one) =>
        matches(one, alert, { systems: deps.systems(), now: deps.clock.now() }),
      );
      await store.outbox.enqueue(
        wanting.map((one) => ({
          id: derivedUuid('fhir-notification', message.id, one.id),
          target: subscriberTarget(new URL(one.endpoint).origin),
          topic: message.topic,
          // In the order of the patient, and one that fails holds up no other.
          orderKey: `${message.orderKey} ${one.id}`,
          body: { alertId, subscriptionId: one.id },
        })),
      );
      return { kind: 'delivered' };
    },
  };
}

const headersOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );

interface Notification {
  readonly messageId: string;
  readonly alertId: string;
  readonly subscription: Subscription;
}

/** R4 rest-hook: without a payload an empty POST, with one an update of the resource below the endpoint. */
async function notify(
  { alertId, messageId, subscription }: Notification,
  signal: AbortSignal,
  { store, deps }: { readonly store: FhirStore; readonly deps: PushDeps },
): Promise<Delivery> {
  const { endpoint, payload } = subscription;
  const headers = { ...headersOf(subscription.header), 'x-request-id': messageId };
  const how = { redirect: 'error', signal } as const;
  if (payload === undefined) {
    const response = await fetch(endpoint, { method: 'POST', headers, ...how });
    await response.body?.cancel();
    return verdict(response, new Set());
  }
  const [found] = await store.find.alerts({ ids: [alertId], limit: 1 });
  if (found === undefined) return { kind: 'refused', reason: 'alert not found' };
  const issue = detectedIssueView(found, contextOf(deps, { language: 'vi', patients: 'logical' }));
  const response = await fetch(`${withoutEnd(endpoint, '/')}/DetectedIssue/${issue.id}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': `${payload}; charset=utf-8` },
    body: JSON.stringify(issue),
    ...how,
  });
  await response.body?.cancel();
  return verdict(response, HOPELESS);
}

/** One per origin that the site named, so that a receiver that is down delays no other. The Subscription holds the error. */
export const subscriberSender = (origin: string, deps: PushDeps): Sender => ({
  target: subscriberTarget(origin),
  async send(message, signal) {
    const about = aboutSubscription.safeParse(message.body);
    if (!about.success) return UNREADABLE;
    const { alertId, subscriptionId } = about.data;
    const store = await deps.facility(message.facilityId);
    const subscription = await getSubscription(store, subscriptionId).catch(() => undefined);
    // The subscription was deleted or turned off meanwhile.
    if (subscription === undefined || isOff(subscription, deps.clock.now())) return { kind: 'delivered' };
    const delivery = await notify({ messageId: message.id, alertId, subscription }, signal, { store, deps }).catch(
      (thrown: unknown): Delivery => ({ kind: 'later', reason: faultWord(thrown) }),
    );
    await noteDelivery(store, subscriptionId, delivery.kind === 'delivered' ? undefined : delivery.reason);
    return delivery;
  },
});
