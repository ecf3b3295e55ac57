// The service's CDS Hooks door over a filled store and the real equations, in a process of its own: prints its address when it is ready.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyOpenly } from '#access/identity.ts';
import { decide } from '#alerts/decide/decide.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer } from '#http/server.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { interopDoors } from '#service/doors.ts';
import { defaultSite } from '#service/site.ts';
import type { Reading } from '#kernel/finding.ts';
import { systemClock } from '#kernel/clock.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import { createTeller } from '#risk/person/tell.ts';
import { createRiskItems } from '#risk/person/items.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { openStore } from '#store/store.ts';

const patients = Number(process.argv[2] ?? '500');
const root = new URL('../../', import.meta.url).pathname;
const dataDir = mkdtempSync(join(tmpdir(), 'haidang-cds-'));
const clock = systemClock;
const store = await openStore({ dataDir, clock, log: () => undefined });
const local = await store.facility('local');

const HEADS = [
  {
    code: 'Pneumothorax',
    title: { vi: 'Tràn khí màng phổi', en: 'Pneumothorax' },
    priority: 'critical',
    explains: true,
  },
  {
    code: 'Effusion',
    title: { vi: 'Tràn dịch màng phổi', en: 'Pleural effusion' },
    priority: 'urgent',
    explains: true,
  },
] as const;

/** A study with a reading; every third has something to tell. */
async function fill(index: number): Promise<void> {
  const patientCode = `BN${index}`;
  const [studyUid, sopInstanceUid] = [`2.25.1.${index}`, `2.25.2.${index}`];
  const blob = { sha256: sha256Hex(sopInstanceUid), bytes: 1000 };
  await local.intake.accept(
    {
      sopInstanceUid,
      studyUid,
      seriesUid: `2.25.3.${index}`,
      format: 'dicom',
      blob,
      patient: { id: patientCode },
      notForClinicalUse: true,
    },
    { actor: 'benchmark' },
  );
  const positive = index % 3 === 0;
  const reading: Reading = {
    id: derivedUuid('benchmark', studyUid),
    facilityId: 'local',
    studyUid,
    sopInstanceUids: [sopInstanceUid],
    outcome: 'assessed',
    reasons: [],
    findings: HEADS.map(({ code }) => ({ code, probability: 0.8, decision: positive ? 'positive' : 'negative' })),
    priority: positive ? 'critical' : 'routine',
    readAt: clock.now().toISOString(),
    provenance: {
      inputSha256: blob.sha256,
      pipelineVersion: '1',
      modelId: 'cxr-findings',
      modelVersion: '1',
      modelSha256: sha256Hex('weights'),
      provider: 'cpu',
      precision: 'fp32',
      calibrationVersion: '1',
      thresholdVersion: '1',
    },
    notForClinicalUse: true,
  };
  const context = { now: clock.now(), subject: { patientCode, studyUid }, previous: [], heads: HEADS };
  const decision = decide(reading, context, defaultPolicy);
  const told = decision.kind === 'alert' ? decision : { ...decision, sourceId: reading.id };
  await local.readings.commit({ reading, heatmaps: [], told: [told], outbox: [], audit: [] });
}
for (let index = 0; index < patients; index += 1) await fill(index);

const library = await openRiskLibrary(join(root, 'models'));
const app = createServer({
  hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
  identify: identifyOpenly,
  logLevel: 'silent',
  metrics: createMetrics(),
});
let address = '';
await interopDoors(app, {
  site: defaultSite,
  clock,
  policy: defaultPolicy,
  publicUrl: () => address,
  linkKeys: [{ id: 'k1', secret: 'only for this run' }],
  facilityId: 'local',
  facility: (id) => store.facility(id),
  assessRisk: createRiskItems(library),
  tell: createTeller({ clock, messages: alertMessages([]), facility: async (id) => store.facility(id) }),
  messages: alertMessages([]),
  openCircuits: () => [],
  fault: () => undefined,
});
address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
// Counted from here: filling the store and opening the models is not answering.
const used = process.cpuUsage();
process.once('SIGTERM', () => {
  const { user, system } = process.cpuUsage(used);
  process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6 })}\n`);
  void (async () => {
    await app.close();
    await library.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  })();
});
