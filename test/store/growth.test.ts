// Queries whose time must not grow with the archive: they are answered from an index, never by a walk through all studies or all entries.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAuditFinder } from '#store/audit/find-audit.ts';
import { openTestStore, type TestStore } from './hosts.ts';
import { sampleInstance } from './samples.ts';

let opened: TestStore;
const PATIENT = 'BN00000007';
const uids: string[] = [];

beforeAll(async () => {
  opened = await openTestStore('embedded');
  for (let n = 0; n < 12; n += 1) {
    const instance = sampleInstance({ patient: { id: `BN0000000${n % 10}`, name: 'TRẦN^THỊ^BÌNH' } });
    uids.push(instance.studyUid);
    await opened.local.intake.accept(instance, { actor: 'test' });
  }
});
afterAll(() => opened.close());

const agedBefore = '2020-01-01T00:00:00.000Z';

test('a rare word finds its studies, a frequent one walks the order, and both count the same as they list', async () => {
  for (const [search, n] of [
    [PATIENT, 1],
    ['binh tran', 12],
    ['nobody', 0],
    [`${PATIENT} binh`, 1],
  ] as const) {
    const filter = { state: 'all', search, agedBefore } as const;
    const { rows } = await opened.local.worklist.page(filter, { limit: 50 });
    const counts = await opened.local.worklist.counts(filter);
    expect([search, rows.length, Object.values(counts).reduce((sum, count) => sum + count, 0)]).toEqual([search, n, n]);
  }
});

test('QIDO-RS finds one person by the whole ID and several by a pattern', async () => {
  const found = async (patientId: string) =>
    (await opened.local.matching.match({ patientId, limit: 50, offset: 0 })).length;
  expect([await found(PATIENT), await found('BN0000000?'), await found('BN*7'), await found('BN')]).toEqual([
    1, 12, 1, 0,
  ]);
});

test('entries of the audit are found by their subjects and by their patient, the newest first', async () => {
  const [first = '', second = ''] = uids;
  const all = await opened.local.find.audit({ limit: 100 });
  const about = all.filter(({ item }) => item.subjectId === first || item.subjectId === second);
  const subjects = [...new Set(about.map(({ item }) => `${item.subjectType}/${item.subjectId}`))];
  const mine = await opened.local.find.audit({ subjects, limit: 100 });
  expect(mine.map(({ key }) => key)).toEqual(about.map(({ key }) => key));
  expect(await opened.local.find.countAudit({ subjects, limit: 1 })).toBe(about.length);
  expect(await opened.local.find.audit({ subjects: ['study', 'study/', `reading/${first}x`], limit: 10 })).toEqual([]);
  const ofPatient = await opened.local.find.audit({ patients: [PATIENT], limit: 100 });
  expect(ofPatient.length).toBeGreaterThan(0);
  expect(ofPatient.length).toBeLessThan(all.length);
});

test('a search of the audit by user, action or time alone reads an index, and parses no entry', async () => {
  await opened.sql(`insert into audit (facility_id, sequence, subject_type, subject_id, entry, previous_hash, hash)
    select 'local', 1000000 + n, 'study', n::text,
      json_build_object('at', to_char(timestamp '2026-01-01' + make_interval(mins => n), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'actor', 'user-' || n % 50, 'action', 'action-' || n % 20)::text, '', ''
    from generate_series(1, 5000) n`);
  await opened.sql('analyze audit');
  const plans: string[] = [];
  const finder = openAuditFinder({
    facilityId: 'local',
    sql: {
      query: async (text, values) => {
        if (typeof text !== 'string') throw new Error('a search is a plain text');
        plans.push(JSON.stringify(await opened.sql(`explain (format json, verbose) ${text}`, values)));
        return opened.sql(text, values);
      },
    },
  });
  const sort = { by: 'time', descending: true } as const;
  const range = [[{ from: '2026-01-02T00:00:00.000Z', before: '2026-01-02T02:00:00.000Z' }]];
  for (const [index, query, n] of [
    ['audit_by_actor', { actors: ['user-7'] }, 100],
    ['audit_by_action', { actions: ['action-7'] }, 250],
    ['audit_by_time', { times: range }, 120],
    ['audit_by_action', { actions: ['action-7'], times: range }, 6],
  ] as const) {
    plans.length = 0;
    const page = await finder.audit({ ...query, sort, limit: 4 });
    const next = await finder.audit({ ...query, sort, limit: 500, after: page.at(-1)?.key ?? '' });
    const [all, counted] = [[...page, ...next], await finder.countAudit({ ...query, limit: 1 })];
    const times = all.map(({ item }) => item.at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    expect([all.length, counted]).toEqual([n, n]);
    for (const plan of plans) expect(plan).not.toMatch(/->> *'/);
    expect(plans[0]).toContain(index);
    expect(plans[0]).not.toContain('Seq Scan');
  }
});
