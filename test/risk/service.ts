// A server with the risk door alone: the real library, the real embedded store where a test asks for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyOpenly } from '#access/identity.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { createTeller } from '#risk/person/tell.ts';
import { riskRoutes } from '#risk/routes.ts';
import { openStore } from '#store/store.ts';

export const NOW = new Date('2026-11-22T08:00:00+07:00');
const clock = { now: () => NOW };

/** A woman of 50 from the PREVENT publication: systolic 160 treated, diabetes, BMI 35; 14.7 % total, 9.2 % ASCVD, 8.1 % heart failure. */
export const PREVENT_WOMAN = {
  age: 50,
  sex: 'female',
  total_cholesterol: 200,
  hdl: 45,
  sbp: 160,
  bmi: 35,
  egfr: 90,
  diabetes: true,
  smoker: false,
  bp_tx: true,
  statin: false,
};

export interface RiskService {
  readonly app: Server;
  readonly room: RiskRoom;
  close(): Promise<void>;
}

/** Fails loudly when a test without a store keeps something. */
const noStore = (): never => {
  throw new Error('this test has no store');
};

export async function startRiskService({ store: wanted = false } = {}): Promise<RiskService> {
  const folder = wanted ? mkdtempSync(join(tmpdir(), 'haidang-risk-')) : undefined;
  const store = folder === undefined ? undefined : await openStore({ dataDir: folder, clock, log: () => undefined });
  const library = await openRiskLibrary('models');
  const room = createRiskRoom(library);
  const app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  const facility = async (id: string) => store?.facility(id) ?? noStore();
  const tell = createTeller({ clock, messages: { raised: () => [], restated: () => [], changed: () => [] }, facility });
  await app.register(riskRoutes, { room, clock, policy: defaultPolicy, tell, facility });
  await app.ready();
  return {
    app,
    room,
    async close() {
      await app.close();
      await library.close();
      await store?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
