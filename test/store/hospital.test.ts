import type { IncomingInstance } from '#kernel/instance.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORDER_ROOM, PERSON_ROOM } from '#kernel/hospital-order.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleInstance } from './samples.ts';

describe.each(HOSTS)('what the hospital says of a study on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  const say = (room: string, key: string, value: Record<string, unknown>, asOf = '2026-03-01T00:00:00.000Z') =>
    at.local.incoming.take({
      room: 'hl7v2-message',
      key: randomUUID(),
      sha256: 'x',
      answers: [],
      measurements: [],
      corrected: [],
      reports: [],
      records: [{ room, key, asOf, value }],
      audit: { actor: 'hl7v2:HIS', action: 'hl7v2.received', subjectType: 'message', subjectId: '1' },
    });
  async function arrive(parts: Partial<IncomingInstance>): Promise<string> {
    const instance = sampleInstance(parts);
    await at.local.intake.accept(instance, { actor: 'upload' });
    return instance.studyUid;
  }
  const orderOf = async (studyUid: string) => (await at.local.worklist.list({ studyUid }))[0]?.order;
  const order = (patientCode: string, parts: Record<string, unknown> = {}) => ({
    accession: 'x',
    patientCode,
    state: 'ordered',
    priority: 'critical',
    question: 'Ho ra máu, loại trừ lao?',
    department: 'Khoa Cấp cứu',
    treatmentCode: '000000999001',
    ...parts,
  });

  test('an order is shown with its film, whichever comes first, and gives the treatment that the film lacks', async () => {
    await say(ORDER_ROOM, 'ACC-1', order('BN-1'));
    const after = await arrive({ accessionNumber: 'ACC-1', patient: { id: 'BN-1' } });
    const before = await arrive({ accessionNumber: 'ACC-2', patient: { id: 'BN-1' } });
    expect(await orderOf(before)).toBeUndefined();
    await say(ORDER_ROOM, 'ACC-2', order('BN-1', { priority: 'urgent' }));
    const expected = { state: 'ordered', question: 'Ho ra máu, loại trừ lao?', department: 'Khoa Cấp cứu' };
    expect(await orderOf(after)).toEqual({ ...expected, priority: 'critical' });
    expect(await orderOf(before)).toEqual({ ...expected, priority: 'urgent' });
    for (const studyUid of [after, before])
      expect(await at.local.intake.study(studyUid)).toMatchObject({ treatmentCode: '000000999001' });
  });

  test('a film that an order wants soon is read before those that came earlier, whichever of order and film came first', async () => {
    await at.sql('delete from job');
    const routine = await arrive({ accessionNumber: 'ACC-R', patient: { id: 'BN-R' } });
    const later = await arrive({ accessionNumber: 'ACC-L', patient: { id: 'BN-L' } });
    await say(ORDER_ROOM, 'ACC-S', order('BN-S', { priority: 'critical' }));
    const stat = await arrive({ accessionNumber: 'ACC-S', patient: { id: 'BN-S' } });
    const strange = await arrive({ accessionNumber: 'ACC-S', patient: { id: 'BN-ANOTHER' } });
    await say(ORDER_ROOM, 'ACC-L', order('BN-L', { priority: 'urgent' }));
    at.clock.advance(60_000);
    const jobs = await at.store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 30_000, limit: 10 });
    const ranks = await at.sql<{ key: string; rank: number }>('select key, rank from job order by rank, created_at');
    expect(ranks.map(({ key, rank }) => [key, rank])).toEqual([
      [stat, 0],
      [later, 10],
      [routine, 20],
      [strange, 20],
    ]);
    expect(jobs).toHaveLength(4);
  });

  test('an order of another patient under the same number says nothing about the film', async () => {
    await say(ORDER_ROOM, 'ACC-3', order('BN-OTHER'));
    const studyUid = await arrive({ accessionNumber: 'ACC-3', patient: { id: 'BN-3' } });
    expect(await orderOf(studyUid)).toBeUndefined();
    expect(await at.local.intake.study(studyUid)).not.toHaveProperty('treatmentCode');
  });

  test('a cancelled order gives no treatment', async () => {
    await say(ORDER_ROOM, 'ACC-4', order('BN-4', { state: 'cancelled' }));
    const studyUid = await arrive({ accessionNumber: 'ACC-4', patient: { id: 'BN-4' } });
    expect(await orderOf(studyUid)).toMatchObject({ state: 'cancelled' });
    expect(await at.local.intake.study(studyUid)).not.toHaveProperty('treatmentCode');
  });

  test('a person gives name, birth date and sex where the film lacks them, and changes nothing that the film says', async () => {
    const person = { patientCode: 'BN-5', name: 'NGUYỄN^VĂN', birthDate: '1965-01-31', sex: 'M' };
    const bare = await arrive({ patient: { id: 'BN-5' } });
    const named = await arrive({ patient: { id: 'BN-5', name: 'LÊ^AN', sex: 'F' } });
    await say(PERSON_ROOM, 'BN-5', person);
    const later = await arrive({ patient: { id: 'BN-5' } });
    const full = { id: 'BN-5', name: 'NGUYỄN^VĂN', birthDate: '1965-01-31', sex: 'M' };
    expect((await at.local.intake.study(bare))?.patient).toEqual(full);
    expect((await at.local.intake.study(later))?.patient).toEqual(full);
    expect((await at.local.intake.study(named))?.patient).toEqual({ ...full, name: 'LÊ^AN', sex: 'F' });
  });

  test('a year of birth is no birth date, an unknown sex no sex, and a film without a patient stays nobody’s', async () => {
    await say(PERSON_ROOM, 'BN-6', { patientCode: 'BN-6', birthDate: '1965', sex: 'U' });
    await say(ORDER_ROOM, 'ACC-6', order('BN-6'));
    const bare = await arrive({ patient: { id: 'BN-6' } });
    expect((await at.local.intake.study(bare))?.patient).toEqual({ id: 'BN-6' });
    const nobody = await arrive({ accessionNumber: 'ACC-6', patient: {} });
    expect(await orderOf(nobody)).toMatchObject({ priority: 'critical' });
    expect(await at.local.intake.study(nobody)).toMatchObject({ patient: {} });
    expect(await at.local.intake.study(nobody)).not.toHaveProperty('treatmentCode');
    expect((await at.local.audit.verify()).intact).toBe(true);
  });
});
