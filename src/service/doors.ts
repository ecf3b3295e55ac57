// Wires the doors for CDS Hooks and HisPro, the senders and the routes of messages, as the site file asks.
import type { LinkKey } from '#access/signed-link.ts';
import type { RiskQuestion, RiskItem } from '#risk/person/risk-item.ts';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { TellRisks } from '#risk/person/tell.ts';
import { portsFromStore, type CdsStore } from '#interop/cds-hooks/answer/from-store.ts';
import { cdsHooksRoutes } from '#interop/cds-hooks/routes.ts';
import { openTokenChecker, type CdsClient } from '#interop/cds-hooks/request/token.ts';
import { TOPICS, type AlertMessages, type DeliveryRoute } from '#delivery/alert-messages.ts';
import type { Sender } from '#delivery/ports.ts';
import { outboxRoutes, type OutboxDoorStore } from '#delivery/routes.ts';
import { EMAIL_TARGET, type EmailDeps, emailSender } from '#interop/email/sender.ts';
import { fhirRoutesOf } from '#interop/fhir/door.ts';
import { openHisClient, type HisClient } from '#interop/hispro/client/his-client.ts';
import { HISPRO_TARGET, noticeSender } from '#interop/hispro/notices/notice-sender.ts';
import type { HisproPorts, HisproSettings, HisproStore } from '#interop/hispro/ports.ts';
import { backgroundRefresh, type RefreshStore } from '#interop/hispro/client/refresh.ts';
import { hisproImportRoutes } from '#interop/hispro/client/import-routes.ts';
import { hisproRoutes } from '#interop/hispro/routes.ts';
import { alertLink } from '#interop/hispro/view/view.ts';
import type { Site } from './site.ts';
import { webhookSender } from '#interop/webhooks/sender.ts';

export type InteropStore = CdsStore & HisproStore & RefreshStore & OutboxDoorStore;

export interface InteropDeps {
  readonly site: Site;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  /** Known only once the service listens. */
  readonly publicUrl: () => string;
  readonly linkKeys: readonly LinkKey[];
  /** HisPro sends no facility: its doors belong to this one. */
  readonly facilityId: string;
  readonly facility: (id: string) => Promise<InteropStore>;
  readonly assessRisk?: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
  readonly tell?: TellRisks;
  readonly picture?: HisproPorts['picture'];
  readonly findingTitle?: (code: string, language: Language) => string;
  /** Messages to other systems about what happened to an alert, written in the same transaction. */
  readonly messages: AlertMessages;
  readonly openCircuits: () => readonly string[];
  /** Fixed words and the fault, nothing of a patient. */
  readonly fault: (event: string, thrown: unknown) => void;
}

const hisproSettings = (deps: InteropDeps): HisproSettings => {
  const { site, clock, linkKeys, facilityId } = deps;
  const { viewerKey, allowedNetworks, answerWithinMs } = site.hispro;
  return {
    clock,
    get publicUrl() {
      return deps.publicUrl();
    },
    defaultLanguage: site.defaultLanguage,
    facilityId,
    linkKeys,
    linkMinutes: site.linkMinutes,
    ...(viewerKey === undefined ? {} : { viewerKey }),
    allowedNetworks,
    answerWithinMs,
  };
};

function hisClientOf(site: Site): HisClient | undefined {
  const { servers, account, timeoutMs } = site.hispro;
  return servers === undefined || account === undefined ? undefined : openHisClient({ servers, account, timeoutMs });
}

const clientsOf = (site: Site): CdsClient[] =>
  site.cdsHooks.clients.map(({ issuer, jwksUrl, jwks, tenants, facilityId }) => ({
    issuer,
    facilityId,
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    ...(jwks === undefined ? {} : { jwks }),
    ...(tenants === undefined ? {} : { tenants }),
  }));

export async function interopDoors(app: FastifyInstance, deps: InteropDeps): Promise<void> {
  const { site, clock, policy, assessRisk, tell, picture, findingTitle, facility } = deps;
  const hispro = hisproSettings(deps);
  const stored = portsFromStore(facility, deps.messages);
  const clients = clientsOf(site);
  await app.register(cdsHooksRoutes, {
    ports: {
      ...stored,
      ...(assessRisk === undefined ? {} : { assessRisk }),
      ...(tell === undefined ? {} : { tell }),
    },
    settings: {
      clock,
      policy: async () => policy,
      get publicUrl() {
        return deps.publicUrl();
      },
      defaultLanguage: site.defaultLanguage,
      fhirServers: site.cdsHooks.fhirServers,
      patientCodeSystems: site.cdsHooks.patientCodeSystems,
      deadlineMs: site.cdsHooks.deadlineMs,
      corsOrigins: site.cdsHooks.corsOrigins,
      explanationLink: ({ id }) => alertLink(id, hispro),
    },
    ...(clients.length === 0 ? {} : { tokens: openTokenChecker(clients, clock) }),
  });
  const client = hisClientOf(site);
  const refreshing = {
    facilityId: deps.facilityId,
    facility,
    policy,
    clock,
    ...(tell === undefined ? {} : { tell }),
    testCodes: new Map(Object.entries(site.hispro.testCodes)),
    genderIds: site.hispro.genderIds,
    ...(client === undefined ? {} : { client }),
    ...(assessRisk === undefined ? {} : { assessRisk }),
  };
  const refresh = backgroundRefresh(refreshing, (thrown) => deps.fault('refresh from HisPro failed', thrown));
  await app.register(hisproImportRoutes, { refreshing });
  await app.register(hisproRoutes, {
    settings: hispro,
    ports: {
      facility,
      messages: deps.messages,
      refresh,
      ...(picture === undefined ? {} : { picture }),
      ...(findingTitle === undefined ? {} : { findingTitle }),
    },
  });
  await app.register(outboxRoutes, { facility, openCircuits: deps.openCircuits });
}

export type SenderDeps = Pick<InteropDeps, 'site' | 'clock' | 'linkKeys' | 'publicUrl'> & {
  readonly facility: EmailDeps['facility'];
};

/** One sender per configured receiver. */
export function sendersOf({ site, clock, linkKeys, publicUrl, facility }: SenderDeps): Sender[] {
  const from = {
    clock,
    linkKeys,
    linkMinutes: site.linkMinutes,
    get publicUrl() {
      return publicUrl();
    },
  };
  const client = hisClientOf(site);
  const hooks = [
    ...site.webhooks.map((webhook) => webhookSender(webhook, from)),
    ...(site.email === undefined
      ? []
      : [emailSender(site.email, { language: site.defaultLanguage, publicUrl, facility })]),
  ];
  if (client === undefined) return hooks;
  const options = {
    language: site.defaultLanguage,
    roles: site.hispro.roles,
    link: ({ id }: { readonly id: string }) => alertLink(id, from),
  };
  return [...hooks, noticeSender(client, options)];
}

/** Systems follow every change; people are told of new and of unanswered alerts. */
const TOLD_TO_PEOPLE = TOPICS.filter((topic) => topic !== 'alert.changed');

/** Who is told of what. */
export function routesOf(site: Site): DeliveryRoute[] {
  const hooks = [
    ...site.webhooks.map(({ id, from, topics }) => ({ target: `webhook:${id}`, topics: [...topics], from })),
    ...fhirRoutesOf(site.fhir),
    ...(site.email === undefined
      ? []
      : [{ target: EMAIL_TARGET, topics: TOLD_TO_PEOPLE, from: site.email.noticesFrom, anonymous: true as const }]),
  ];
  return site.hispro.servers === undefined || site.hispro.account === undefined
    ? hooks
    : [
        ...hooks,
        {
          target: HISPRO_TARGET,
          topics: TOLD_TO_PEOPLE,
          from: site.hispro.noticesFrom,
        },
      ];
}
