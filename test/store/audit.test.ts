import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FacilityStore } from '#store/store.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const entry = (subjectId: string) => ({ actor: 'bs.lan', action: 'study.opened', subjectType: 'study', subjectId });

describe.each(HOSTS)('audit on %s', (host) => {
  let at: TestStore;
  /** A facility, and so a chain, of its own for each test. */
  let facility: FacilityStore;
  let number = 0;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  beforeEach(async () => {
    facility = await at.store.facility(`f${(number += 1)}`);
    for (const id of ['1', '2', '3']) await facility.audit.append(entry(id));
  });
  afterAll(() => at.close());

  /** What somebody with the database's own rights can do, triggers off. */
  async function tamper(statement: string): Promise<void> {
    const here = `facility_id = '${facility.facilityId}'`;
    const tables = ['audit', 'reading', 'alert', 'assessment'];
    for (const table of tables) await at.sql(`alter table ${table} disable trigger user`);
    await at.sql(statement.replaceAll('HERE', here));
    for (const table of tables) await at.sql(`alter table ${table} enable trigger user`);
  }

  test('each entry carries the hash of the one before', async () => {
    const [first, second] = await facility.audit.list();
    const text =
      '{"action":"study.opened","actor":"bs.lan","at":"2026-03-01T00:00:00.000Z","subjectId":"1","subjectType":"study"}';
    const zero = '0'.repeat(64);
    expect(first).toMatchObject({ sequence: 1, previousHash: zero, hash: sha256(`${zero}\n1\n${text}`) });
    expect(second?.previousHash).toBe(first?.hash);
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 3, faults: [] });
  });

  test('entries written at the same moment form one chain', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => facility.audit.append(entry(`p${n}`))));
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 23 });
  });

  test('rows cannot be changed, removed or emptied', async () => {
    await expect(at.sql(`update audit set entry = '{}'`)).rejects.toThrow('append-only');
    await expect(at.sql('delete from audit')).rejects.toThrow('append-only');
    await expect(at.sql('truncate audit')).rejects.toThrow('append-only');
  });

  test('an edited entry is found', async () => {
    await tamper(`update audit set entry = replace(entry, 'bs.lan', 'bs.mai') where HERE and sequence = 2`);
    expect(await facility.audit.verify()).toMatchObject({ intact: false, faults: [{ sequence: 2, kind: 'edited' }] });
  });

  test('an edited copy for look-up is found', async () => {
    await tamper(`update audit set subject_id = '9' where HERE and sequence = 2`);
    expect(await facility.audit.verify()).toMatchObject({ faults: [{ sequence: 2, kind: 'edited' }] });
  });

  test('an edited entry with its own hash made anew breaks the link after it', async () => {
    const [, second] = await facility.audit.list();
    const text = `{"action":"study.opened","actor":"bs.mai","at":"x","subjectId":"2","subjectType":"study"}`;
    const hash = sha256(`${second?.previousHash}\n2\n${text}`);
    await tamper(`update audit set entry = '${text}', hash = '${hash}' where HERE and sequence = 2`);
    expect(await facility.audit.verify()).toMatchObject({ faults: [{ sequence: 3, kind: 'broken-link' }] });
  });

  test('an entry taken out of the middle is found', async () => {
    await tamper('delete from audit where HERE and sequence = 2');
    expect(await facility.audit.verify()).toMatchObject({ faults: [{ sequence: 2, kind: 'missing' }] });
  });

  test('a tail that was cut off is found by the head, and by a head kept elsewhere when that was rewritten too', async () => {
    const { head } = await facility.audit.verify();
    await tamper('delete from audit where HERE and sequence = 3');
    expect(await facility.audit.verify()).toMatchObject({ faults: [{ sequence: 0, kind: 'head-differs' }] });
    await tamper(`update audit_head h set sequence = 2, hash = a.hash from audit a
      where a.sequence = 2 and a.facility_id = h.facility_id and h.HERE`);
    expect(await facility.audit.verify()).toMatchObject({ intact: true });
    expect(await facility.audit.verify({ expectedHead: head })).toMatchObject({
      intact: false,
      faults: [{ sequence: 0, kind: 'head-differs' }],
    });
  });

  test('a reading that is no longer what was committed is found', async () => {
    const instance = sampleInstance();
    await facility.intake.accept(instance, { actor: 'upload' });
    const reading = sampleReading(instance, { facilityId: facility.facilityId });
    await facility.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [] });
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 5 });
    await expect(at.sql(`update reading set record = record || '{"priority":"routine"}'`)).rejects.toThrow(
      'never rewritten',
    );
    await tamper(`update reading set record = record || '{"priority":"routine"}' where HERE`);
    expect(await facility.audit.verify()).toMatchObject({
      faults: [{ sequence: 5, kind: 'record-differs', subject: reading.id }],
    });
  });

  test('an alert or an assessment that is no longer what was committed is found', async () => {
    const { facilityId } = facility;
    const alert = sampleAlert(sampleReading(sampleInstance()), { id: randomUUID(), facilityId });
    await facility.alerts.raise({ kind: 'alert', alert });
    const provenance = sampleProvenance();
    const bare = { patientId: 'BN', equationId: 'e', outcome: 'assessed' as const, inputs: {}, result: { value: 0.3 } };
    const assessment = { ...bare, id: randomUUID(), provenance, assessedAt: '2026-03-01T00:00:00.000Z' };
    await facility.assessments.append([assessment]);
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 5 });
    await tamper(`update alert set record = jsonb_set(record, '{severity}', '"info"') where HERE`);
    await tamper(`update assessment set record = jsonb_set(record, '{result,value}', '0.1') where HERE`);
    expect(await facility.audit.verify()).toMatchObject({
      faults: [
        { sequence: 4, kind: 'record-differs', subject: alert.id },
        { sequence: 5, kind: 'record-differs', subject: assessment.id },
      ],
    });
  });

  test('each facility has a chain of its own', async () => {
    const other = await at.store.facility('other');
    await other.audit.append(entry('1'));
    expect(await other.audit.verify()).toMatchObject({ intact: true, entries: 1 });
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 3 });
    expect(await facility.audit.list({ subjectType: 'study', subjectId: '2' })).toHaveLength(1);
    expect(await facility.audit.list({ afterSequence: 1, limit: 1 })).toMatchObject([{ sequence: 2 }]);
  });

  test('a chain longer than a page is walked to its end', async () => {
    // 1,000 entries are read at a time.
    const instance = sampleInstance();
    await facility.intake.accept(instance, { actor: 'upload' });
    const reading = sampleReading(instance, { facilityId: facility.facilityId });
    const audit = Array.from({ length: 1_100 }, (_, n) => entry(`bulk${n}`));
    await facility.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit });
    // Three from the beginning, one of the instance, one of the reading.
    expect(await facility.audit.verify()).toMatchObject({ intact: true, entries: 1_105 });
    await tamper(`update audit set entry = replace(entry, 'bs.lan', 'bs.mai') where HERE and sequence = 1050`);
    expect(await facility.audit.verify()).toMatchObject({ faults: [{ sequence: 1_050, kind: 'edited' }] });
  });
});
