import { sha256Hex } from '#kernel/ids.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { newUid, sampleInstance } from './samples.ts';

describe.each(HOSTS)('intake on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  const counts = async (studyUid: string) => {
    const [row] = await at.sql<{ instances: number; jobs: number; entries: number }>(
      `select (select count(*)::int from instance where study_uid = $1) as instances,
         (select count(*)::int from job where key = $1) as jobs,
         (select count(*)::int from audit where subject_type = 'instance' and entry like '%' || $1 || '%') as entries`,
      [studyUid],
    );
    return row;
  };

  test('an instance is stored once with its study, its job and its audit entry', async () => {
    const instance = sampleInstance();
    expect(await at.local.intake.accept(instance, { actor: 'upload' })).toEqual({
      status: 'stored',
      sopInstanceUid: instance.sopInstanceUid,
      studyUid: instance.studyUid,
    });
    expect(await at.local.intake.accept(instance, { actor: 'upload' })).toMatchObject({ status: 'duplicate' });
    expect(await counts(instance.studyUid)).toEqual({ instances: 1, jobs: 1, entries: 1 });
    const study = await at.local.intake.study(instance.studyUid);
    expect(study).toMatchObject({ patient: instance.patient, patientKey: `id:${instance.patient.id}`, modality: 'DX' });
    expect(study?.instances).toEqual([{ ...instance, receivedAt: '2026-03-01T00:00:00.000Z' }]);
    expect(await at.local.intake.instance(instance.sopInstanceUid)).toMatchObject({ view: 'PA' });
  });

  test('twenty senders of the same instance at once leave one row, one job and one audit entry', async () => {
    const instance = sampleInstance();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.local.intake.accept(instance, { actor: 'upload' })),
    );
    expect(answers.filter(({ status }) => status === 'stored')).toHaveLength(1);
    expect(await counts(instance.studyUid)).toEqual({ instances: 1, jobs: 1, entries: 1 });
  });

  test('the images of one study that arrive together wait for one reading', async () => {
    const studyUid = newUid();
    const patient = { id: 'BN-TWO' };
    const instances = Array.from({ length: 8 }, () => sampleInstance({ studyUid, patient }));
    await Promise.all(instances.map((instance) => at.local.intake.accept(instance, { actor: 'upload' })));
    expect(await counts(studyUid)).toEqual({ instances: 8, jobs: 1, entries: 8 });
    expect((await at.local.intake.studiesOfPatient('BN-TWO')).map((study) => study.instances.length)).toEqual([8]);
  });

  test('the same UID with other bytes is refused and changes nothing', async () => {
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    const other = { ...instance, blob: { sha256: sha256Hex('other'), bytes: 5 } };
    await expect(at.local.intake.accept(other, { actor: 'upload' })).rejects.toMatchObject({
      code: 'store.conflicting-instance',
      field: 'SOPInstanceUID',
    });
    expect(await counts(instance.studyUid)).toEqual({ instances: 1, jobs: 1, entries: 1 });
  });

  test('a study is never given to two patients', async () => {
    const first = sampleInstance();
    await at.local.intake.accept(first, { actor: 'upload' });
    const second = sampleInstance({ studyUid: first.studyUid, patient: { id: 'SOMEBODY ELSE' } });
    await expect(at.local.intake.accept(second, { actor: 'upload' })).rejects.toMatchObject({
      code: 'store.conflicting-study',
    });
    expect(await counts(first.studyUid)).toEqual({ instances: 1, jobs: 1, entries: 1 });
  });

  test('a later image fills in what the first lacked, and a study without patient ID is a person of its own', async () => {
    const first = sampleInstance({ patient: {} });
    await at.local.intake.accept(first, { actor: 'upload' });
    expect(await at.local.intake.study(first.studyUid)).toMatchObject({
      patientKey: `study:${first.studyUid}`,
      patient: {},
    });
    const patient = { id: 'BN-LATE', sex: 'F' };
    await at.local.intake.accept(sampleInstance({ studyUid: first.studyUid, patient }), { actor: 'upload' });
    expect(await at.local.intake.study(first.studyUid)).toMatchObject({ patientKey: 'id:BN-LATE', patient });
  });

  test('staged bytes are kept with the instance, and leave nothing behind where it is refused or known', async () => {
    const content = await at.store.blobs.stage(Buffer.from('film'));
    const instance = sampleInstance({ blob: { sha256: content.sha256, bytes: content.bytes } });
    await at.local.intake.accept(instance, { actor: 'upload', content });
    expect(await at.store.blobs.get(sha256Hex('film'))).toEqual(Buffer.from('film'));

    const other = await at.store.blobs.stage(Buffer.from('another film'));
    const conflicting = { ...instance, blob: { sha256: other.sha256, bytes: other.bytes } };
    await expect(at.local.intake.accept(conflicting, { actor: 'upload', content: other })).rejects.toThrow(
      'store.conflicting-instance',
    );
    expect(await at.store.blobs.has(other.sha256)).toBe(false);
    await expect(other.read()).rejects.toThrow('ENOENT');
  });

  test('opening and closing are marked once, and a new image brings a closed study back', async () => {
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    await at.local.intake.opened(instance.studyUid, 'bs.lan');
    await at.local.intake.closed(instance.studyUid, 'bs.lan');
    expect((await at.local.intake.study(instance.studyUid))?.closedAt).toBeDefined();
    const next = sampleInstance({ studyUid: instance.studyUid, patient: instance.patient });
    await at.local.intake.accept(next, { actor: 'upload' });
    const study = await at.local.intake.study(instance.studyUid);
    expect(study?.closedAt).toBeUndefined();
    expect(study?.openedAt).toBe('2026-03-01T00:00:00.000Z');
    await expect(at.local.intake.opened('2.25.1', 'bs.lan')).rejects.toMatchObject({ code: 'store.not-found' });
  });

  test('text that a database cannot keep is kept visibly, not refused', async () => {
    const instance = sampleInstance({ patient: { id: 'BN\0X', name: 'A\ud800' } });
    await at.local.intake.accept(instance, { actor: 'upload' });
    expect((await at.local.intake.study(instance.studyUid))?.patient).toEqual({ id: 'BN\uFFFDX', name: 'A\uFFFD' });
  });

  test('facilities do not see each other', async () => {
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    const other = await at.store.facility('tinh-ben-canh');
    expect(await other.intake.study(instance.studyUid)).toBeUndefined();
    expect(await other.intake.accept(instance, { actor: 'upload' })).toMatchObject({ status: 'stored' });
    await expect(at.store.facility("x'; drop table study")).rejects.toMatchObject({ code: 'store.bad-identifier' });
  });
});
