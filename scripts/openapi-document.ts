// The service's doors without what lies behind them → the OpenAPI document. Nothing is opened: only the schemas are read.
import { LOCAL_FACILITY } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { systemClock } from '#kernel/clock.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { defaultSite } from '#service/site.ts';
import { createRiskRoom } from '#risk/assess/assess-patient.ts';
import { buildApp } from '#service/app.ts';
import { readConfig } from '#service/config.ts';

const absent = (): never => {
  throw new Error('this app only documents itself');
};

/** `version` 0.0.0 in the document would say nothing; the package's own goes in. */
export async function openApiDocument(version: string): Promise<string> {
  const app = await buildApp({
    config: readConfig({ HAIDANG_LOG_LEVEL: 'silent' }, '/'),
    version,
    clock: systemClock,
    metrics: createMetrics(),
    store: {
      facility: absent,
      blobs: { stage: absent, put: absent, get: absent, stream: absent, has: absent },
    },
    pictures: { film: absent, pixels: absent },
    take: absent,
    results: { of: absent },
    alerts: { messagesFor: absent, heads: [] },
    health: { models: () => [], pingDatabase: absent, required: [] },
    models: { models: [], refusedModels: [], states: () => new Map() },
    risk: {
      room: createRiskRoom({ equations: new Map(), refused: [], close: async () => undefined }),
      policy: defaultPolicy,
      tell: absent,
    },
    fhir: {
      facility: absent,
      clock: systemClock,
      systems: absent,
      publicUrl: absent,
      heads: absent,
      subscribers: [],
      jwks: { keys: [] },
      defaultLanguage: 'vi',
    },
    oip: { engine: { run: absent, states: () => new Map() } },
    interop: {
      site: defaultSite,
      policy: defaultPolicy,
      publicUrl: absent,
      linkKeys: [],
      facilityId: LOCAL_FACILITY,
      messages: alertMessages([]),
      openCircuits: absent,
      fault: absent,
    },
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}
