// Consequences of corrected facts of a stored study: alerts, vectors, messages, and only what differs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { Reading } from '#kernel/finding.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { PersonChange, StudyChange } from '#store/study/study-change.ts';
import { type FacilityStore, type Store, storeOver } from '#store/store.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from './samples.ts';

describe.each(HOSTS)('corrections on %s', (host) => {
  let at: TestStore;
  let store: Store;
  let local: FacilityStore;
  const told: StudyChange[] = [];
  const fallen: PersonChange[] = [];
  beforeAll(async () => {
    at = await openTestStore(host);
    const [where] = await at.sql<{ schema: string }>('select current_schema() as schema');
    store = await storeOver(at.database, {
      dataDir: at.dataDir,
      clock: at.clock,
      schema: where?.schema ?? '',
      tell: (change) => {
        if (!('after' in change)) {
          fallen.push(change);
          return [];
        }
        told.push(change);
        return [{ id: change.id, target: 'webhook:his', topic: 'x', orderKey: 'k', body: {} }];
      },
    });
    local = await store.facility('local');
  });
  afterAll(() => at.close());

  async function readStudy(parts: Partial<IncomingInstance> = {}) {
    const instance = sampleInstance(parts);
    await local.intake.accept(instance, { actor: 'upload' });
    const reading = sampleReading(instance);
    const patientCode = instance.patient.id ?? '';
    const { studyUid, accessionNumber } = instance;
    const subject = { patientCode, studyUid, ...(accessionNumber !== undefined && { accessionNumber }) };
    await local.readings.commit({
      reading,
      heatmaps: [],
      embedding: { vector: Float32Array.of(1, 2, 3), facets: { findings: ['Effusion'], labelSource: 'model' } },
      told: [{ kind: 'alert', alert: sampleAlert(reading, { subject }) }],
      outbox: [],
      audit: [],
    });
    return { instance, reading };
  }

  function resend(
    before: IncomingInstance,
    parts: Partial<IncomingInstance>,
    reads: 'corrected' | 'other' = 'corrected',
  ) {
    const after = { ...before, ...parts, blob: { sha256: sha256Hex(JSON.stringify(parts)), bytes: 7 } };
    const picture = { pixels: sha256Hex('pixels'), shown: sha256Hex('shown') };
    const replaces = before.blob.sha256;
    const done = local.intake.accept(after, { actor: 'upload', resend: { replaces, before, picture, reads } });
    return done.then((accepted) => ({ accepted, after }));
  }

  const alertsOf = async (patientCode: string) => local.alerts.list({ patientCode });

  test('another patient ID: alert and vector move, the old alert is resolved, and receivers are told of both', async () => {
    const { instance, reading } = await readStudy();
    const { id = '' } = instance.patient;
    const [old] = await alertsOf(id);
    const patient = { ...instance.patient, id: `${id}-RIGHT` };
    const { accepted } = await resend(instance, { patient });
    expect(accepted.status).toBe('duplicate');
    expect(await alertsOf(id)).toEqual([]);
    expect(await local.alerts.get(old?.id ?? '')).toMatchObject({ status: 'resolved', subject: { patientCode: id } });
    const moved = await alertsOf(patient.id);
    expect(moved).toMatchObject([{ status: 'new', sourceId: reading.id, subject: { patientCode: patient.id } }]);
    expect(await at.sql('select patient_key, current from embedding where reading_id = $1', [reading.id])).toEqual([
      { patient_key: `id:${patient.id}`, current: true },
    ]);
    expect(await local.readings.currentOfStudy(instance.studyUid)).toMatchObject({ id: reading.id, revision: 1 });
    const change = told.at(-1);
    expect(change).toMatchObject({
      before: { patient: { id } },
      after: { patient },
      reading: { id: reading.id },
      ended: [{ alert: { id: old?.id, status: 'resolved' }, event: { kind: 'superseded', to: 'resolved' } }],
      raised: [{ id: moved[0]?.id }],
    });
    expect(await local.outbox.list()).toMatchObject([{ id: change?.id }]);
    expect((await local.audit.verify()).intact).toBe(true);
  });

  describe('read again after a correction', () => {
    const commit = (reading: Reading) =>
      local.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [] });
    const asLateral = (instance: IncomingInstance) =>
      sampleReading(instance, {
        outcome: 'not-assessed',
        reasons: [{ code: 'preread.view-not-accepted', text: { vi: 'x', en: 'x' } }],
        findings: [],
        priority: 'routine',
      });

    test('nothing bears the alert any more: it ends, and its receivers are told once', async () => {
      const { instance } = await readStudy();
      const { id = '' } = instance.patient;
      const [old] = await alertsOf(id);
      const { after } = await resend(instance, { view: 'LL' }, 'other');
      expect(await alertsOf(id)).toHaveLength(1);
      await commit(asLateral(after));
      expect(await alertsOf(id)).toEqual([]);
      expect(fallen.at(-1)).toMatchObject({
        ended: [{ alert: { id: old?.id, status: 'resolved' }, event: { kind: 'withdrawn', to: 'resolved' } }],
        raised: [],
      });
      const count = fallen.length;
      await commit({ ...asLateral(after), id: randomUUID(), follows: randomUUID() });
      expect(fallen).toHaveLength(count);
      expect((await local.audit.verify()).intact).toBe(true);
    });

    test('what is found again keeps its alert, and so does a study that could not be read', async () => {
      const { instance } = await readStudy();
      const { id = '' } = instance.patient;
      const { after } = await resend(instance, { view: 'AP' }, 'other');
      await commit(sampleReading(after));
      await commit({ ...asLateral(after), outcome: 'failed', id: randomUUID() });
      expect(await alertsOf(id)).toHaveLength(1);
    });

    test('without a correction an alert stands until it is answered', async () => {
      const { instance } = await readStudy();
      await commit(asLateral(instance));
      expect(await alertsOf(instance.patient.id ?? '')).toHaveLength(1);
    });
  });

  test('there and back again: each way is a change of its own', async () => {
    const { instance } = await readStudy();
    const { id = '' } = instance.patient;
    const { after } = await resend(instance, { patient: { ...instance.patient, id: `${id}-B` } });
    await resend(after, { patient: instance.patient });
    expect(await alertsOf(id)).toHaveLength(1);
    expect(await alertsOf(`${id}-B`)).toEqual([]);
    expect(new Set(told.map((change) => change.id)).size).toBe(told.length);
  });

  test('a corrected name leaves alerts as they are; an accession number moves an acknowledged one as acknowledged', async () => {
    const { instance } = await readStudy({ accessionNumber: 'A1' });
    const { id = '' } = instance.patient;
    const [alert] = await alertsOf(id);
    const named = await resend(instance, { patient: { ...instance.patient, name: 'NGUYỄN^VĂN^ANH' } });
    expect(await alertsOf(id)).toMatchObject([{ id: alert?.id }]);
    const acknowledged = {
      id: 'e1',
      alertId: alert?.id ?? '',
      at: '2026-03-01T00:00:00Z',
      actor: 'bs',
      channel: 'web',
    };
    await local.alerts.record({ ...acknowledged, kind: 'acknowledged', to: 'acknowledged' }, { from: 'new' });
    await resend(named.after, { accessionNumber: 'A2' });
    expect(await alertsOf(id)).toMatchObject([{ status: 'acknowledged', subject: { accessionNumber: 'A2' } }]);
  });

  test('only the fields in which the files differ change: what a hospital corrected meanwhile stands', async () => {
    const { instance } = await readStudy();
    await at.sql(`update study set patient_name = 'NGUYỄN^VĂN^ÂN' where study_uid = $1`, [instance.studyUid]);
    await resend(instance, { patient: { ...instance.patient, birthDate: '1971-05-19' } });
    expect((await local.intake.study(instance.studyUid))?.patient).toMatchObject({
      name: 'NGUYỄN^VĂN^ÂN',
      birthDate: '1971-05-19',
    });
  });

  test('a name in another normal form is the same name', async () => {
    const { instance } = await readStudy();
    const changes = told.length;
    const name = (instance.patient.name ?? '').normalize('NFD');
    await resend(instance, { patient: { ...instance.patient, name } });
    expect(told).toHaveLength(changes);
  });

  test('a reading of the study as it was before the correction is not committed', async () => {
    const instance = sampleInstance();
    await local.intake.accept(instance, { actor: 'upload' });
    const { factsRevision = -1 } = (await local.intake.study(instance.studyUid)) ?? {};
    await resend(instance, { patient: { ...instance.patient, name: 'LÊ^BÌNH' } });
    const late = { reading: sampleReading(instance), factsRevision, heatmaps: [], told: [], outbox: [], audit: [] };
    await expect(local.readings.commit(late)).rejects.toMatchObject({ code: 'store.study-changed' });
  });

  test('a comparison with a file that is no longer the stored one is refused', async () => {
    const { instance } = await readStudy();
    await resend(instance, { patient: { ...instance.patient, sex: 'F' } });
    await expect(resend(instance, { patient: { ...instance.patient, sex: 'O' } })).rejects.toMatchObject({
      code: 'store.conflicting-instance',
    });
  });
});
