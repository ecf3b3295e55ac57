import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedUuid } from '#kernel/ids.ts';
import type { FindQuery } from '#kernel/record-search.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const MINUTE = 60_000;

describe.each(HOSTS)('searching the %s store', (host) => {
  let t: TestStore;
  const film = sampleInstance({
    patient: { id: 'BN-1' },
    accessionNumber: '1234567',
    studyTime: '2026-02-28T23:30:00',
  });
  const nameless = sampleInstance({ patient: {} });
  const first = sampleReading(film);
  const second = sampleReading(nameless, { provenance: sampleProvenance({ modelSha256: 'b'.repeat(64) }) });
  const alert = sampleAlert(first, {
    subject: { patientCode: 'BN-1', studyUid: first.studyUid, accessionNumber: '1234567' },
  });
  const assessment = {
    id: derivedUuid('assessment', '1'),
    patientId: 'BN-1',
    equationId: 'score2',
    outcome: 'assessed' as const,
    value: 0.214,
    inputs: {},
    result: {},
    provenance: sampleProvenance({ modelId: 'risk-score2', modelSha256: 'c'.repeat(64) }),
    assessedAt: '2026-03-01T08:00:00.000Z',
  };
  const flag = sampleAlert(first, {
    id: derivedUuid('flag', '1'),
    dedupKey: 'risk/score2:patient:BN-1:score2',
    subject: { patientCode: 'BN-1' },
    sourceId: assessment.id,
  });

  beforeAll(async () => {
    t = await openTestStore(host);
    for (const instance of [film, nameless]) await t.local.intake.accept(instance, { actor: 'upload' });
    const rest = { heatmaps: [], outbox: [], audit: [] };
    await t.local.readings.commit({ reading: first, told: [{ kind: 'alert', alert }], ...rest });
    t.clock.advance(MINUTE);
    await t.local.readings.commit({ reading: second, told: [], ...rest });
    await t.local.assessments.append([assessment], { told: [{ kind: 'alert', alert: flag }] });
    t.clock.advance(MINUTE);
    const at = t.clock.now().toISOString();
    await t.local.alerts.record(
      { id: derivedUuid('seen'), alertId: alert.id, at, actor: 'bs.an', channel: 'web', kind: 'seen', to: 'seen' },
      { from: 'new' },
    );
  });
  afterAll(() => t.close());

  const all: FindQuery = { limit: 10 };
  const from = (iso: string) => [[{ from: iso }]];
  const before = (iso: string) => [[{ before: iso }]];

  test('alerts by id, patient, order number, source, status, and by what they are about', async () => {
    const idsOf = async (query: Parameters<typeof t.local.find.alerts>[0]) =>
      (await t.local.find.alerts(query)).map(({ item }) => item.alert.id);
    expect(await idsOf(all)).toEqual([flag.id, alert.id]);
    expect(await idsOf({ ...all, ids: [alert.id, 'no-uuid'] })).toEqual([alert.id]);
    expect(await idsOf({ ...all, patients: ['BN-2'] })).toEqual([]);
    expect(await idsOf({ ...all, accessions: ['1234567'] })).toEqual([alert.id]);
    expect(await idsOf({ ...all, sources: [assessment.id] })).toEqual([flag.id]);
    expect(await idsOf({ ...all, statuses: ['seen'] })).toEqual([alert.id]);
    expect(await idsOf({ ...all, about: 'patient' })).toEqual([flag.id]);
  });

  test('an alert changed when its last event came, and carries its events', async () => {
    const found = await t.local.find.alerts({ ...all, updated: from('2026-03-01T00:02:00.000Z') });
    expect(found.map(({ item, updatedAt }) => [item.alert.id, updatedAt, item.events.length])).toEqual([
      [alert.id, '2026-03-01T00:02:00.000Z', 1],
    ]);
  });

  test('pages follow each other without a gap or a repetition', async () => {
    const [newest] = await t.local.find.findings({ limit: 1 });
    const rest = await t.local.find.findings({ limit: 10, after: newest?.key ?? '' });
    const keys = [newest, ...rest].map((one) => `${one?.item.reading.id} ${one?.item.code}`);
    expect(keys).toEqual([`${second.id} Effusion`, `${second.id} Mass`, `${first.id} Effusion`, `${first.id} Mass`]);
    const [study] = await t.local.find.studies({ limit: 1 });
    const others = await t.local.find.studies({ limit: 10, after: study?.key ?? '' });
    expect(new Set([study, ...others].map((one) => one?.item.study.studyUid))).toEqual(
      new Set([film.studyUid, nameless.studyUid]),
    );
    expect(await t.local.find.studies({ limit: 10, after: 'nothing' })).toEqual([]);
    expect(await t.local.find.alerts({ limit: 10, after: 'x' })).toEqual([]);
  });

  test('a study without a patient ID is found under its own key, as its alerts name it', async () => {
    const found = await t.local.find.readings({ ...all, patients: [`study:${nameless.studyUid}`] });
    expect(found.map(({ item }) => item.reading.id)).toEqual([second.id]);
  });

  test('times of a film are those of the hospital: 23:30 in Viet Nam is 16:30 UTC', async () => {
    const found = async (times: FindQuery['times']) =>
      (await t.local.find.studies({ ...all, ...(times && { times }) })).map(({ item }) => item.study.studyUid);
    expect(await found(from('2026-02-28T16:30:00.000Z'))).toEqual([film.studyUid]);
    expect(await found(before('2026-02-28T16:30:00.000Z'))).toEqual([]);
    const readings = await t.local.find.readings({ ...all, times: before('2026-02-28T17:00:00.000Z') });
    expect(readings.map(({ item }) => item.reading.id)).toEqual([first.id]);
  });

  test('groups of times: all groups must hold, and of each any range; a group without a range holds never', async () => {
    const never = await t.local.find.alerts({ ...all, times: [[]] });
    expect(never).toEqual([]);
    const outside = await t.local.find.alerts({
      ...all,
      times: [[{ before: '2026-03-01T00:00:00.000Z' }, { from: '2026-03-01T00:00:00.001Z' }]],
    });
    expect(outside).toEqual([]);
  });

  test('assessments with the alerts that they led to', async () => {
    const found = await t.local.find.assessments({ ...all, alerts: [flag.id] });
    expect(found.map(({ item }) => [item.assessment.id, item.alertIds])).toEqual([[assessment.id, [flag.id]]]);
    expect(await t.local.find.assessments({ ...all, alerts: [alert.id] })).toEqual([]);
  });

  test('the audit of a patient: studies, instances, readings, alerts and assessments, and nobody else’s', async () => {
    const mine = await t.local.find.audit({ ...all, patients: ['BN-1'] });
    const subjects = new Set(mine.map(({ item }) => item.subjectId));
    for (const id of [film.sopInstanceUid, first.id, alert.id, assessment.id]) expect(subjects).toContain(id);
    for (const id of [nameless.sopInstanceUid, second.id]) expect(subjects).not.toContain(id);
    const [seen] = await t.local.find.audit({ ...all, actors: ['bs.an'] });
    expect(seen?.item.action).toBe('alert.seen');
    expect(await t.local.find.audit({ ...all, subjects: [`alert/${alert.id}`], ids: ['x'] })).toEqual([]);
  });

  test('each model file that spoke is named once', async () => {
    const models = await t.local.find.models();
    expect(models.map(({ item, key }) => [item.kind, key]).sort()).toEqual(
      [
        ['reading', first.provenance.modelSha256],
        ['reading', 'b'.repeat(64)],
        ['assessment', 'c'.repeat(64)],
      ].sort(),
    );
  });
});
