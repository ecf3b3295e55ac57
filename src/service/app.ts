// Puts all doors on one server. The list is documentation: nothing is loaded by convention.
import type { Identify } from '#access/identity.ts';
import type { Clock } from '#kernel/clock.ts';
import { alertFiguresRoutes } from '#alerts/figures/figures-routes.ts';
import type { FiguresDeps } from '#alerts/figures/followed-alerts.ts';
import { totalsRoutes } from '#alerts/figures/totals-routes.ts';
import type { AlertDoorDeps } from '#alerts/lifecycle/door.ts';
import type { EscalationDoorDeps } from '#alerts/lifecycle/escalation-routes.ts';
import { alertRoutes } from '#alerts/routes.ts';
import { type HealthDeps, healthRoutes } from '#http/health.ts';
import { type Metrics, metricsRoutes } from '#http/metrics.ts';
import { auditReads } from '#http/read-audit.ts';
import { auditRefusals, type RefusalAudit } from '#http/refusal-audit.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { type Server, type ServerOptions, createServer } from '#http/server.ts';
import { type InteropDeps, interopDoors } from './doors.ts';
import type { FhirDeps } from '#interop/fhir/exchange.ts';
import { fhirRoutes } from '#interop/fhir/routes.ts';
import type { Results } from '#interop/dicom-model/stored-results.ts';
import { inferBody, type OipDeps, oipRoutes } from '#interop/oip/routes.ts';
import { qidoRoutes } from '#interop/dicomweb/qido-rs.ts';
import { stowBody, stowRoutes } from '#interop/dicomweb/stow-rs.ts';
import { wadoRoutes } from '#interop/dicomweb/wado-rs.ts';
import { accountRoutes } from '#login/account-routes.ts';
import { auditRoutes } from '#login/audit-routes.ts';
import { backendRoutes } from '#login/backend-services.ts';
import { keyRoutes } from '#login/key-routes.ts';
import { loginRoutes } from '#login/login-routes.ts';
import { providerRoutes } from '#login/provider-routes.ts';
import { sessionRoutes } from '#login/session-routes.ts';
import { loadIndicators } from '#interop/xml130/read/indicators.ts';
import { xml130Routes } from '#interop/xml130/routes.ts';
import { adminRoutes } from '#preread/admin-routes.ts';
import { type ModelDoorDeps, modelRoutes } from '#preread/model-routes.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import { priorRoutes } from '#preread/compare/prior-routes.ts';
import { opinionRoutes } from '#preread/opinion/routes.ts';
import { readingRoutes } from '#preread/routes.ts';
import { similarRoutes } from '#preread/explain/similar-routes.ts';
import { uploadBody, uploadRoutes } from '#preread/intake/upload-routes.ts';
import { type PromotionDoorDeps, promotionRoutes } from '#promotion/routes.ts';
import { riskRoutes, type RiskRoutesDeps } from '#risk/routes.ts';
import type { Store } from '#store/store.ts';
import { viewerRoutes } from '#web/viewer-routes.ts';
import { pageSettingsRoutes } from '#web/settings-routes.ts';
import { webRoutes } from '#web/routes.ts';
import { serviceFiguresRoutes } from '#worklist/figures-routes.ts';
import { triageRoutes } from '#worklist/triage-routes.ts';
import { worklistEventsRoutes } from '#worklist/events-routes.ts';
import { emergencyRoutes } from '#worklist/emergency/routes.ts';
import { worklistRoutes } from '#worklist/routes.ts';
import type { Config } from './config.ts';
import type { LoginDoors } from './identity.ts';
import type { Take } from './intake.ts';
import { type UpkeepRoutesDeps, upkeepRoutes } from './upkeep-routes.ts';
import { viewerFolder } from './viewer.ts';

export interface AppDeps {
  readonly config: Config;
  readonly version: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly store: Pick<Store, 'facilities' | 'facility' | 'blobs' | 'backup' | 'verify'>;
  readonly fault: UpkeepRoutesDeps['fault'];
  readonly refusals: Pick<RefusalAudit, 'note'>;
  readonly replay: UpkeepRoutesDeps['replay'];
  readonly pictures: Pick<Pictures, 'film' | 'pixels'>;
  readonly take: Take;
  readonly results: Results;
  readonly health: HealthDeps;
  readonly models: Omit<ModelDoorDeps, 'facility'>;
  readonly promotion: PromotionDoorDeps;
  readonly alerts: Pick<AlertDoorDeps, 'messagesFor'> &
    Pick<FiguresDeps, 'heads' | 'ruleTitle'> &
    Pick<EscalationDoorDeps, 'policy'>;
  readonly risk: Omit<RiskRoutesDeps, 'clock' | 'facility'>;
  readonly identify: Identify;
  readonly login: LoginDoors;
  readonly listed?: ServerOptions['listed'];
  readonly interop: Omit<InteropDeps, 'clock' | 'facility'>;
  readonly fhir: Omit<FhirDeps, 'version'>;
  readonly oip: Pick<OipDeps, 'engine'>;
}

async function loginDoors(app: Server, { session, administration, backend, provider }: LoginDoors): Promise<void> {
  await app.register(loginRoutes, session);
  await app.register(sessionRoutes, session);
  await app.register(accountRoutes, administration);
  await app.register(keyRoutes, administration);
  await app.register(backendRoutes, backend);
  if (provider !== undefined) await app.register(providerRoutes, provider);
}

/** What is asked of more than one facility, each with its own scope. */
async function doorsBetweenFacilities(app: Server, { store, clock, alerts }: AppDeps): Promise<void> {
  const between = { clock, facilities: () => store.facilities(), facility: (id: string) => store.facility(id) };
  await app.register(auditRoutes, between);
  await app.register(totalsRoutes, between);
  await app.register(emergencyRoutes, { ...between, heads: alerts.heads });
}

function serverOf(deps: AppDeps): Server {
  const { config, metrics } = deps;
  const { publicUrl } = deps.interop.site;
  return createServer({
    hostRule: {
      boundTo: config.host,
      allowedHosts: config.allowedHosts,
      ...(publicUrl !== undefined && { publicUrl }),
    },
    identify: deps.identify,
    logLevel: config.logLevel,
    metrics,
    ...(deps.listed !== undefined && { listed: deps.listed }),
    trustProxy: config.trustProxy,
    ...(config.rates !== undefined && { rates: config.rates }),
  });
}

export async function buildApp(deps: AppDeps): Promise<Server> {
  const { clock, config, metrics, pictures, store, take } = deps;
  const facility = (id: string) => store.facility(id);
  const app = serverOf(deps);
  auditReads(app, {
    append: async (id, entries) => (await facility(id)).audit.appendAll(entries),
    fault: (thrown) => deps.fault('reads not audited', thrown),
  });
  auditRefusals(app, deps.refusals, deps.interop.site.facility);
  await registerOpenApi(app, {
    version: deps.version,
    streamedBodies: {
      '/v1/studies': uploadBody,
      '/dicomweb/studies': stowBody,
      '/v2/models/{model}/infer': inferBody,
      '/v2/models/{model}/versions/{version}/infer': inferBody,
    },
  });

  await app.register(healthRoutes, deps.health);
  await loginDoors(app, deps.login);
  await doorsBetweenFacilities(app, deps);
  await app.register(metricsRoutes, { metrics });
  await app.register(uploadRoutes, {
    maxInstanceBytes: config.maxUploadBytes,
    judged: metrics.instanceJudged,
    take,
    startNow: async (studyUid, facilityId) => (await facility(facilityId)).readings.startNow(studyUid),
  });
  await app.register(readingRoutes, { facility, blobs: store.blobs, pictures });
  await app.register(priorRoutes, {
    facility,
    models: deps.models.models,
    fetches: deps.interop.site.dicom.priors !== undefined,
  });
  await app.register(opinionRoutes, {
    facility,
    isFinding: (code) => deps.models.models().some(({ manifest }) => manifest.heads.some((head) => head.code === code)),
  });
  await app.register(similarRoutes, { facility, models: deps.models.models });
  await app.register(modelRoutes, { facility, ...deps.models });
  await app.register(promotionRoutes, deps.promotion);
  await app.register(adminRoutes, { facility });
  await app.register(upkeepRoutes, { store, version: deps.version, fault: deps.fault, replay: deps.replay });
  await app.register(worklistRoutes, { clock, facility, heads: deps.alerts.heads });
  await app.register(triageRoutes, { facility });
  await app.register(serviceFiguresRoutes, { clock, facility });
  await app.register(worklistEventsRoutes, { facility });
  await app.register(riskRoutes, { clock, facility, ...deps.risk });
  await app.register(alertRoutes, { clock, facility, ...deps.alerts });
  await app.register(alertFiguresRoutes, { clock, facility, ...deps.alerts });
  await app.register(viewerRoutes, { folder: viewerFolder(config.dataDir) });
  await app.register(webRoutes, { sandbox: config.sandbox });
  await app.register(pageSettingsRoutes, { firstRead: deps.interop.site.pages.firstRead, sandbox: config.sandbox });
  await interopDoors(app, { clock, facility, ...deps.interop });
  const dicomweb = { facility, blobs: store.blobs, results: deps.results, pictures, publicUrl: deps.interop.publicUrl };
  await app.register(stowRoutes, {
    take,
    publicUrl: deps.interop.publicUrl,
    maxInstanceBytes: config.maxUploadBytes,
    judged: metrics.instanceJudged,
  });
  await app.register(qidoRoutes, dicomweb);
  await app.register(wadoRoutes, dicomweb);
  await app.register(fhirRoutes, { ...deps.fhir, version: deps.version });
  await app.register(oipRoutes, { ...deps.oip, version: deps.version });
  await app.register(xml130Routes, { indicators: loadIndicators(config.indicatorsFile), facility });
  return app;
}
