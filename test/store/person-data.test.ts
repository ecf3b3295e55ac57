import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { readOne } from './read-one.ts';
import { sampleInstance } from './samples.ts';

const WHY = { actor: 'data.officer', reason: 'the person asked for it' };
const DATE = '2026-02-01T00:00:00.000Z';

describe.each(HOSTS)('data of one person on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  /** Every row of every table but the audit trail, as text. */
  async function allRows(): Promise<readonly { table: string; text: string }[]> {
    const tables = await at.sql<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace
       and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('audit', 'audit_head')`,
    );
    expect(tables.length).toBeGreaterThan(15);
    const rows = await Promise.all(
      tables.map(async ({ name }) =>
        (await at.sql<{ text: string }>(`select to_jsonb(t)::text as text from "${name}" t`)).map(({ text }) => ({
          table: name,
          text,
        })),
      ),
    );
    return rows.flat();
  }

  /** A film that was read, resent and answered, a laboratory result and a report, an order, and messages to others. */
  async function live(id: string): Promise<{ readonly studyUid: string; readonly blobs: readonly string[] }> {
    const blob = await at.store.blobs.put(Buffer.from(`film of ${id}`));
    const instance = sampleInstance({ blob, accessionNumber: `ACC-${id}`, patient: { id, name: `QUACH^${id}` } });
    await at.local.intake.accept(instance, { actor: 'upload' });
    await readOne(at.store, at.local);
    const [alert] = await at.local.alerts.list({ studyUid: instance.studyUid });
    if (alert === undefined) throw new Error('no alert');
    await at.local.alerts.record(
      { id: randomUUID(), alertId: alert.id, at: DATE, actor: 'bs.lan', channel: 'web', kind: 'seen', to: 'seen' },
      { from: 'new', outbox: [] },
    );
    await at.local.measurements.import({
      measurements: [{ patientId: id, code: '2160-0', value: 90, unit: 'umol/L', time: DATE, dedupKey: `lab ${id}` }],
      reports: [
        {
          patientId: id,
          recordId: id,
          service: 'XQ',
          text: `film of ${id}`,
          conclusion: '-',
          dedupKey: `report ${id}`,
        },
      ],
      actor: 'his',
    });
    await at.local.records.put('hl7v2-person', id, { patient: { id, name: `QUACH^${id}` } });
    await at.local.records.put('hl7v2-order', `ACC-${id}`, { accession: `ACC-${id}`, patientId: id });
    const [reading] = await at.local.readings.ofStudy(instance.studyUid);
    const sr = await at.store.blobs.put(Buffer.from(`report of ${id}`));
    await at.local.records.put('dicom-results', reading?.id ?? '', {
      objects: [{ sha256: sr.sha256, bytes: sr.bytes }],
    });
    await at.local.records.put('cds-hooks-feedback', alert.id, { outcome: 'accepted', about: id });
    await at.local.records.put('hispro-check', randomUUID(), { patientCode: id });
    await at.local.records.put('dicom-commitment', randomUUID(), { orderKey: `id:${id}`, body: { id } });
    await at.local.outbox.enqueue([
      { id: randomUUID(), target: 'hl7v2:x', topic: 'reading', orderKey: id, body: { text: `PID|1||${id}` } },
      { id: randomUUID(), target: 'dicom:x', topic: 'reading', orderKey: `id:${id}`, body: { id } },
    ]);
    return { studyUid: instance.studyUid, blobs: [blob.sha256, sr.sha256] };
  }

  test('erasing takes every row of the person and no other, the films too, and the audit chain stays whole', async () => {
    await live('BN-STAYS');
    const before = await allRows();
    const { studyUid, blobs } = await live('BN-GOES');
    const handed = await at.local.personData.export('BN-GOES');
    expect(handed.patientCodes).toEqual(['BN-GOES']);
    expect(handed.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining([
        'study',
        'instance',
        'reading',
        'alert',
        'alert_event',
        'measurement',
        'report',
        'record',
      ]),
    );
    expect(handed.blobs).toEqual(expect.arrayContaining([...blobs]));

    const erased = await at.local.personData.erase('BN-GOES', WHY);
    expect(erased.rows).toBe(handed.tables.reduce((total, { rows }) => total + rows.length, 0));
    expect(erased.blobs.toSorted()).toEqual(handed.blobs.toSorted());
    const after = await allRows();
    expect(after.filter(({ text }) => text.includes('BN-GOES') || text.includes(studyUid))).toEqual([]);
    const stay = (rows: typeof before) => rows.filter(({ text }) => text.includes('BN-STAYS')).map(({ text }) => text);
    expect(stay(after).toSorted()).toEqual(stay(before).toSorted());
    expect(stay(after).length).toBeGreaterThan(5);
    expect(await at.local.audit.verify()).toMatchObject({ intact: true });
    const trail = await at.sql<{ entry: string }>(`select entry from audit where entry like '%person.erased%'`);
    expect(trail).toHaveLength(1);
    expect(trail[0]?.entry).not.toContain('BN-GOES');
    await expect(at.local.personData.export('BN-GOES')).rejects.toMatchObject({ code: 'store.not-found' });
  });

  test('a record that is gone without such an entry is a fault of the chain', async () => {
    const { studyUid } = await live('BN-STOLEN');
    await at.transaction(async (tx) => {
      await tx.query(`select set_config('haidang.erasing', 'on', true)`);
      for (const table of ['finding', 'heatmap', 'embedding'])
        await tx.query(`delete from ${table} where reading_id in (select id from reading where study_uid = $1)`, [
          studyUid,
        ]);
      await tx.query('delete from reading where study_uid = $1', [studyUid]);
    });
    expect(await at.local.audit.verify()).toMatchObject({ intact: false, faults: [{ kind: 'record-differs' }] });
  });

  test('a person under a legal hold is not erased until it is released', async () => {
    await live('BN-HELD');
    await at.local.personData.hold('BN-HELD', { ...WHY, reason: 'court file' });
    await expect(at.local.personData.erase('BN-HELD', WHY)).rejects.toMatchObject({ code: 'store.on-hold' });
    expect(
      await at.local.intake.study((await at.local.alerts.list({ patientCode: 'BN-1' }))[0]?.subject.studyUid ?? ''),
    ).toBeDefined();
    await at.local.personData.release('BN-HELD', WHY);
    expect((await at.local.personData.erase('BN-HELD', WHY)).rows).toBeGreaterThan(5);
  });

  test('without such a transaction evidence stays append-only', async () => {
    await live('BN-KEPT');
    await expect(at.sql(`delete from alert_event where true`)).rejects.toThrow(/append-only/);
    await expect(at.sql(`delete from audit where true`)).rejects.toThrow(/append-only/);
  });
});
