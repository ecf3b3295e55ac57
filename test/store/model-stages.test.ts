import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reading } from '#kernel/finding.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { readOne } from './read-one.ts';
import { sampleInstance, sampleProvenance } from './samples.ts';

const OLD = { modelId: 'cxr-findings', modelVersion: '1' };
const NEW = { modelId: 'cxr-new', modelVersion: '1' };
const anyWay = { judge: () => undefined };

describe.each(HOSTS)('stages of models on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  test('one model is live at a time, the one before it is retired, and each step stands in the audit', async () => {
    const { modelStages, audit } = at.local;
    await modelStages.change({ ...NEW, to: 'silent', actor: 'bs.lan' }, anyWay);
    const live = await modelStages.change(
      { ...NEW, to: 'live', actor: 'bs.lan', approver: 'BS Minh', detail: { margin: 0.05 } },
      { ...anyWay, replaces: OLD },
    );
    expect(live).toMatchObject({ ...NEW, stage: 'live', approver: 'BS Minh', wasLive: true });
    expect(await modelStages.list()).toMatchObject([
      { ...OLD, stage: 'retired', wasLive: true },
      { ...NEW, stage: 'live' },
    ]);
    const trail = (await audit.list({ subjectType: 'model' })).map(({ subjectId, detail }) => [subjectId, detail]);
    expect(trail).toEqual([
      [NEW.modelId, { modelVersion: '1', from: 'unset', to: 'silent' }],
      [OLD.modelId, { modelVersion: '1', from: 'unset', to: 'retired' }],
      [NEW.modelId, { modelVersion: '1', from: 'silent', to: 'live', approver: 'BS Minh', margin: 0.05 }],
    ]);
    // Back again: the one that was given up keeps what it was.
    await modelStages.change({ ...OLD, to: 'live', actor: 'bs.lan', approver: 'BS Minh' }, anyWay);
    expect((await modelStages.list()).map(({ modelId, stage }) => [modelId, stage])).toEqual([
      [OLD.modelId, 'live'],
      [NEW.modelId, 'retired'],
    ]);
    expect((await audit.verify()).intact).toBe(true);
  });

  test('a refusal changes nothing and leaves no entry', async () => {
    const before = await at.local.audit.head();
    const change = at.local.modelStages.change(
      { ...NEW, to: 'live', actor: 'bs.lan' },
      {
        judge: () => {
          throw new Error('no');
        },
      },
    );
    await expect(change).rejects.toThrow('no');
    expect(await at.local.audit.head()).toEqual(before);
  });

  test('a silent reading stands beside the live one, is counted, and meets the word of a person; of another facility nothing', async () => {
    const { local, store, clock } = at;
    const since = clock.now().toISOString();
    const instance = sampleInstance({ patient: { id: 'BN-silent', name: 'QUACH^SILENT' } });
    await local.intake.accept(instance, { actor: 'upload' });
    const silent = { ...NEW, since };
    expect(await local.silent.next(silent)).toBeUndefined();
    await readOne(store, local);
    const due = await local.silent.next(silent);
    expect(due?.studyUid).toBe(instance.studyUid);
    const beside = due?.beside ?? '';
    const reading: Reading = {
      id: randomUUID(),
      facilityId: 'local',
      studyUid: instance.studyUid,
      sopInstanceUids: [instance.sopInstanceUid],
      outcome: 'failed',
      reasons: [],
      findings: [],
      priority: 'routine',
      readAt: since,
      provenance: sampleProvenance({ modelId: NEW.modelId }),
      notForClinicalUse: true,
    };
    await local.silent.keep({ ...NEW, beside, reading });
    // A technical fault is tried again, three times in all.
    expect(await local.silent.next(silent)).toMatchObject({ beside });
    const findings = [{ code: 'Effusion', probability: 0.25, decision: 'negative' as const, prevalence: 0.1 }];
    await local.silent.keep({ ...NEW, beside, reading: { ...reading, outcome: 'assessed', findings } });
    expect(await local.silent.next(silent)).toBeUndefined();
    expect(await local.silent.counts(NEW)).toEqual({ assessed: 1, 'not-assessed': 0, failed: 0 });
    // What is there stays: a second answer is not taken.
    await local.silent.keep({ ...NEW, beside, reading });
    expect(await local.silent.counts(NEW)).toEqual({ assessed: 1, 'not-assessed': 0, failed: 0 });

    expect(await local.silent.confirmed({ candidate: NEW, live: OLD })).toEqual([]);
    await local.opinions.say({ studyUid: instance.studyUid, findingCode: 'Effusion', present: true, actor: 'bs.lan' });
    expect(await local.silent.confirmed({ candidate: NEW, live: OLD })).toEqual([
      {
        finding: 'Effusion',
        patient: expect.any(String),
        present: true,
        candidate: 0.25,
        live: 0.91,
        prevalence: 0.1,
        beyondCalibration: false,
      },
    ]);
    expect(await local.silent.confirmed({ candidate: NEW, live: { ...OLD, modelVersion: '2' } })).toEqual([]);
    const other = await store.facility('other');
    expect(await other.silent.confirmed({ candidate: NEW, live: OLD })).toEqual([]);
    expect(await other.silent.next(silent)).toBeUndefined();
  });

  test('a film that fails three times is left, and one that is too old is never begun', async () => {
    const { local, store, clock } = at;
    const model = { ...NEW, modelVersion: '2', since: clock.now().toISOString() };
    await local.intake.accept(sampleInstance(), { actor: 'upload' });
    await readOne(store, local);
    const seen = [];
    for (let due = await local.silent.next(model); due !== undefined; due = await local.silent.next(model)) {
      seen.push(due.beside);
      await local.silent.keep({
        modelId: NEW.modelId,
        modelVersion: '2',
        beside: due.beside,
        reading: { ...(await local.readings.get(due.beside))!, outcome: 'failed' },
      });
    }
    // Those of the test before are there too: each three times.
    expect(seen.length).toBe(3 * new Set(seen).size);
    clock.advance(73 * 3_600_000);
    expect(await local.silent.next({ ...model, modelVersion: '3' })).toBeUndefined();
  });
});
