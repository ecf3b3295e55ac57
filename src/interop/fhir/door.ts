// A site's FHIR settings and the rooms come in; the door's dependencies, the senders and the routes of messages go out.
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import { type DeliveryRoute, TOPICS } from '#interop/delivery/alert-messages.ts';
import type { Sender } from '#interop/delivery/ports.ts';
import type { Assess, FhirStore, HeadsOf } from './ports.ts';
import {
  fanOutSender,
  type PushDeps,
  serverSender,
  serverTarget,
  subscriberSender,
  SUBSCRIPTIONS,
} from './push/senders.ts';
import { type ClientKey, jwksOf, openTokens, readClientKey } from './push/smart.ts';
import type { FhirDeps } from './routes.ts';
import type { FhirServer, FhirSettings } from './settings.ts';
import { identifierSystems } from './systems.ts';

export interface FhirRooms {
  readonly settings: FhirSettings;
  readonly facility: (id: string) => Promise<FhirStore>;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  readonly version: string;
  readonly defaultLanguage: Language;
  readonly heads: HeadsOf;
  readonly assess?: Assess;
}

export interface Fhir {
  /** For `fhirRoutes`. */
  readonly door: FhirDeps;
  readonly senders: readonly Sender[];
  readonly routes: readonly DeliveryRoute[];
}

interface Receiver {
  readonly server: FhirServer;
  readonly key?: ClientKey;
}

const receiverOf = async (server: FhirServer): Promise<Receiver> =>
  server.smart === undefined ? { server } : { server, key: await readClientKey(server.smart.keyFile) };

function senderOf({ server, key }: Receiver, push: PushDeps): Sender {
  const { smart, url } = server;
  if (smart === undefined || key === undefined) return serverSender(server, undefined, push);
  const { clientId, scope, tokenUrl } = smart;
  const client = { url, clientId, scope, key, ...(tokenUrl !== undefined && { tokenUrl }) };
  return serverSender(server, openTokens(client, push.clock), push);
}

/** Throws `fhir.bad-settings` for a key that cannot be used. */
export async function openFhir(rooms: FhirRooms): Promise<Fhir> {
  const { settings, facility, clock, heads, publicUrl } = rooms;
  const systems = () => identifierSystems(settings.identifiers, publicUrl());
  const push: PushDeps = { facility, clock, systems, heads };
  const receivers = await Promise.all(settings.servers.map(receiverOf));
  const subscribers = [...new Set(settings.subscribers)];
  const topics = [...TOPICS];
  return {
    door: {
      facility,
      clock,
      systems,
      publicUrl,
      version: rooms.version,
      heads,
      ...(rooms.assess !== undefined && { assess: rooms.assess }),
      subscribers,
      jwks: jwksOf(receivers.flatMap(({ key }) => key ?? [])),
      defaultLanguage: rooms.defaultLanguage,
    },
    senders: [
      ...receivers.map((receiver) => senderOf(receiver, push)),
      ...(subscribers.length === 0 ? [] : [fanOutSender(push)]),
      ...subscribers.map((origin) => subscriberSender(origin, push)),
    ],
    routes: [
      ...receivers.map(({ server }) => ({ target: serverTarget(server.id), topics, from: server.from })),
      // Without anybody who may subscribe, nothing is queued for nobody.
      ...(subscribers.length === 0 ? [] : [{ target: SUBSCRIPTIONS, topics, from: 'info' as const }]),
    ],
  };
}
