// Opens the FHIR door as the site file asks: its deps, its senders, and who is told of which event.
import type { HeadsOf } from '#kernel/head.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Language, Sentence } from '#kernel/errors.ts';
import { type DeliveryRoute, TOPICS } from '#delivery/alert-messages.ts';
import type { Sender } from '#delivery/ports.ts';
import { assessmentOf } from '#risk/person/assessment.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import type { Assess, FhirStore } from './ports.ts';
import {
  fanOutSender,
  type PushDeps,
  serverSender,
  serverTarget,
  subscriberSender,
  SUBSCRIPTIONS,
} from '#interop/fhir/push/senders.ts';
import { type ClientKey, jwksOf, openTokens, readClientKey } from '#interop/fhir/push/smart.ts';
import type { FhirDeps } from './exchange.ts';
import type { FhirServer, FhirSettings } from './settings.ts';
import { identifierSystems } from './systems.ts';

export interface FhirRooms {
  readonly settings: FhirSettings;
  readonly facility: (id: string) => Promise<FhirStore>;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  readonly defaultLanguage: Language;
  readonly heads: HeadsOf;
  readonly assess?: Assess;
}

export interface Fhir {
  /** For `fhirRoutes`. */
  readonly door: Omit<FhirDeps, 'version'>;
  readonly senders: readonly Sender[];
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
  return {
    door: {
      facility,
      clock,
      systems,
      publicUrl,
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
  };
}

export function fhirRoutesOf({ servers, subscribers }: FhirSettings): readonly DeliveryRoute[] {
  const topics = [...TOPICS];
  return [
    ...servers.map(({ id, from }) => ({ target: serverTarget(id), topics, from })),
    // No subscribers: queue nothing.
    ...(subscribers.length === 0 ? [] : [{ target: SUBSCRIPTIONS, topics, from: 'info' as const }]),
  ];
}

/** The risk room's results as records of the kind that is stored; nothing is stored. */
export const assessWith =
  (room: Pick<RiskRoom, 'assessPatient'>): Assess =>
  async (question) => {
    const { asOf, results, rejected } = await room.assessPatient({ ...question, explain: true, whatIf: [] });
    return {
      rejected,
      results: results.map((result) => assessmentOf(result, question.patientCode ?? '', asOf)),
    };
  };

/** The part of a model that is needed here; the models room's own type fits. */
export interface ServedModel {
  readonly manifest: {
    readonly id: string;
    readonly version: string;
    readonly heads: readonly { readonly code: string; readonly title: Sentence }[];
  };
  readonly calibration: {
    readonly version: string;
    readonly heads: readonly { readonly code: string; readonly positiveFrom: number; readonly negativeTo: number }[];
  };
}

/** Titles are the manifest's; thresholds only where the result was calibrated as that version is now. `served`: the versions, the one that reads first. */
export const headsOf =
  (served: () => readonly ServedModel[]): HeadsOf =>
  ({ modelId, modelVersion, calibrationVersion }, code) => {
    const versions = served().filter(({ manifest }) => manifest.id === modelId);
    const { manifest, calibration } =
      versions.find((one) => one.manifest.version === modelVersion) ?? versions[0] ?? {};
    const head = manifest?.heads.find((one) => one.code === code);
    if (manifest === undefined || calibration === undefined || head === undefined) return undefined;
    const same = manifest.version === modelVersion && calibration.version === calibrationVersion;
    const fitted = same ? calibration.heads.find((one) => one.code === code) : undefined;
    return {
      title: head.title,
      ...(fitted !== undefined && { positiveFrom: fitted.positiveFrom, negativeTo: fitted.negativeTo }),
    };
  };
