// A store with a morning's records behind the FHIR door, for its tests and for the script that has every resource judged.
import { identifyOpenly } from '#access/identity.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import { randomUUID } from 'node:crypto';
import type { Alert } from '#kernel/alert.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { Reading } from '#kernel/finding.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import type { FhirDeps } from '#interop/fhir/exchange.ts';
import { fhirRoutes } from '#interop/fhir/routes.ts';
import type { Assessment } from '#kernel/assessment.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';
import { PUBLIC_URL, systems } from './systems.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from '../../store/samples.ts';

export { PUBLIC_URL, systems };

const both = (text: string) => ({ vi: `${text} (vi)`, en: text });

export const heads: FhirDeps['heads'] = (_provenance, code) =>
  code === 'Effusion'
    ? { title: { vi: 'Tràn dịch màng phổi', en: 'Pleural effusion' }, positiveFrom: 0.62, negativeTo: 0.2 }
    : undefined;

/** As the risk room stores it: a headline in percent of a share, points, and an interval. */
const riskResult = {
  title: { vi: 'Nguy cơ tim mạch 10 năm', en: '10-year cardiovascular risk' },
  outputs: [
    {
      name: 'risk',
      title: both('Cardiovascular event'),
      unit: '1',
      horizonYears: 10,
      value: 0.214,
      interval: null,
      categories: [{ code: 'high', level: 'high', title: { vi: 'cao', en: 'high' } }],
      text: { vi: '21,4 %', en: '21.4 %' },
    },
    {
      name: 'open',
      title: both('Fatal event'),
      unit: '%',
      horizonYears: null,
      value: null,
      interval: { lower: 3.1, upper: 8.9 },
      categories: [],
      text: { vi: '3,1 đến 8,9 %', en: '3.1 to 8.9 %' },
    },
    {
      name: 'points',
      title: both('Points'),
      unit: '{score}',
      horizonYears: null,
      value: 7,
      interval: null,
      categories: [],
      text: both('7 points'),
    },
  ],
  inputs: [
    {
      name: 'sbp',
      title: both('Systolic pressure'),
      unit: 'mm[Hg]',
      state: 'given',
      value: 168,
      origin: { kind: 'measured', index: 0, code: '8480-6', time: '2026-02-28' },
    },
    { name: 'hdl', title: both('HDL cholesterol'), unit: 'mmol/L', state: 'missing', value: null, origin: null },
  ],
  reasons: [],
  explanation: { contributions: [{ text: both('Systolic pressure 168 mmHg: +7.9 %') }] },
  limits: [both('Not validated below 40 years.')],
  assumptions: [],
  licenceDuty: null,
};

const riskOf = (parts: Partial<Assessment> = {}): Assessment => ({
  id: randomUUID(),
  patientId: 'BN-1',
  equationId: 'score2',
  outcome: 'assessed',
  value: 0.214,
  category: 'high',
  inputs: {},
  result: riskResult,
  provenance: sampleProvenance({ modelId: 'risk-score2_asia_pacific', modelSha256: 'c'.repeat(64) }),
  assessedAt: '2026-03-01T00:00:30.000Z',
  ...parts,
});

export interface Site {
  readonly app: Server;
  readonly store: TestStore;
  readonly film: IncomingInstance;
  readonly reading: Reading;
  readonly alert: Alert;
  readonly risk: Assessment;
  readonly flag: Alert;
  /** A film that was not assessed. */
  readonly refused: Reading;
  close(): Promise<void>;
}

export async function openSite(host: 'embedded' | 'postgresql', more: Partial<FhirDeps> = {}): Promise<Site> {
  const store = await openTestStore(host);
  const film = sampleInstance({
    patient: { id: 'BN-1', name: 'NGUYỄN^VĂN^AN' },
    sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
    accessionNumber: '1234567',
    treatmentCode: '000000999001',
    studyTime: '2026-02-28T23:30:00',
    instanceNumber: 1,
    notForClinicalUse: false,
  });
  const picture = sampleInstance({ format: 'png', patient: {} });
  const reading = sampleReading(film, { notForClinicalUse: false, readAt: '2026-03-01T00:00:10.000Z' });
  const refused = sampleReading(picture, {
    outcome: 'not-assessed',
    findings: [],
    reasons: [{ code: 'preread.not-chest', text: { vi: 'Không phải phim ngực.', en: 'Not a chest film.' } }],
  });
  const alert = sampleAlert(reading, {
    subject: { patientCode: 'BN-1', studyUid: film.studyUid, accessionNumber: '1234567' },
    evidence: [{ code: 'Effusion', text: both('Pleural effusion: probability 91%'), value: 0.91 }],
    limitations: [both('A clinician decides.')],
  });
  const risk = riskOf();
  const notAssessed = riskOf({
    outcome: 'not-assessed',
    result: {
      ...riskResult,
      outputs: [],
      explanation: null,
      reasons: [{ code: 'risk.age', text: both('Too young for this equation.'), field: 'age' }],
    },
  });
  const flag = sampleAlert(reading, {
    id: derivedUuid('flag', risk.id),
    dedupKey: `risk/score2:patient:BN-1:score2`,
    subject: { patientCode: 'BN-1' },
    summary: { vi: 'Nguy cơ tim mạch 10 năm: 21,4 % (cao)', en: '10-year cardiovascular risk: 21.4 % (high)' },
    evidence: [{ code: 'score2', text: both('10-year cardiovascular risk: 21.4 %'), value: 0.214 }],
    sourceId: risk.id,
    provenance: risk.provenance,
  });
  for (const instance of [film, picture]) await store.local.intake.accept(instance, { actor: 'upload' });
  const rest = { heatmaps: [], outbox: [], audit: [] };
  await store.local.readings.commit({ reading, told: [{ kind: 'alert', alert }], ...rest });
  await store.local.readings.commit({ reading: refused, told: [], ...rest });
  await store.local.assessments.append([notAssessed]);
  await store.local.assessments.append([risk], { told: [{ kind: 'alert', alert: flag }] });
  store.clock.advance(60_000);

  const app = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await app.register(fhirRoutes, {
    facility: (id) => store.store.facility(id),
    clock: store.clock,
    systems: () => systems,
    publicUrl: () => PUBLIC_URL,
    version: '0.1.0',
    heads,
    assess: async ({ patientCode }) => ({
      results: [riskOf({ ...(patientCode !== undefined && { patientId: patientCode }) })],
      rejected: [],
    }),
    subscribers: ['https://his.benhvien.example', 'http://127.0.0.1:9'],
    jwks: { keys: [] },
    defaultLanguage: 'vi',
    ...more,
  });
  await app.ready();
  return {
    app,
    store,
    film,
    reading,
    alert,
    risk,
    flag,
    refused,
    async close() {
      await app.close();
      await store.close();
    },
  };
}
