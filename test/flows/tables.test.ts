// Exports as tables, and the search of the audit: by person, actor, action and time, page by page, the same lines as CSV.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'csv-parse/sync';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
const uids: string[] = [];
beforeAll(async () => {
  service = await openTestService();
  for (const phase of [1, 2, 3]) {
    const bytes = Uint8Array.from(await filmDicom({ study: `t${phase}`, patient: `TB${phase}`, phase }));
    const { studies } = await service.client.upload([{ name: 'film.dcm', bytes }]);
    for (const uid of studies) await service.client.waitUntilRead(uid);
    uids.push(...studies);
  }
  for (const uid of uids) await service.client.v1.markOpened(uid);
});
afterAll(() => service.close());

const table = async (path: string): Promise<Record<string, string>[]> => {
  const reply = await fetch(`${service.address}${path}`);
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  return parse(await reply.text(), { columns: true });
};

test('the audit is searched by person, actor, action and time', async () => {
  const { v1 } = service.client;
  const opened = (await v1.searchAudit({ action: 'study.opened' })).data;
  expect(opened.total).toBe(3);
  expect(opened.items.map(({ subjectId }) => subjectId)).toEqual(uids.toReversed());
  const of = (await v1.searchAudit({ patient: 'TB2' })).data;
  expect(of.items.some(({ action }) => action === 'reading.committed')).toBe(true);
  const alien = [uids[0], uids[2]];
  expect(of.items.filter(({ subjectId }) => alien.includes(subjectId))).toEqual([]);
  expect((await v1.searchAudit({ patient: 'TB2', action: 'study.opened' })).data.total).toBe(1);
  expect((await v1.searchAudit({ actor: 'nobody' })).data).toEqual({ total: 0, next: null, items: [] });
  const { at = '' } = opened.items[1] ?? {};
  expect((await v1.searchAudit({ action: 'study.opened', from: at })).data.total).toBe(2);
  expect((await v1.searchAudit({ action: 'study.opened', before: at })).data.total).toBe(1);
  await expect(v1.searchAudit({ from: 'yesterday' })).rejects.toMatchObject({
    code: 'http.invalid-request',
    field: 'from',
  });
});

test('pages of a search meet without a gap, and the last one says that it is the last', async () => {
  const { v1 } = service.client;
  const seen: number[] = [];
  for (let after: string | undefined; ;) {
    const { data } = await v1.searchAudit({ limit: '2', ...(after !== undefined && { after }) });
    seen.push(...data.items.map(({ sequence }) => sequence));
    if (data.next === null) break;
    after = data.next;
  }
  const { total } = (await v1.searchAudit({})).data;
  expect(seen).toEqual(Array.from({ length: total }, (_, place) => total - place));
  expect((await table('/v1/audit.csv')).map(({ sequence }) => Number(sequence))).toEqual(seen);
  expect(await table('/v1/audit.csv?action=study.opened')).toHaveLength(3);
});

test('the worklist as a table has a line a study, with codes and no names', async () => {
  const lines = await table('/v1/worklist.csv?state=all');
  expect(lines.map(({ study_uid }) => study_uid).sort()).toEqual(uids.toSorted());
  expect(lines.map(({ patient_code }) => patient_code).sort()).toEqual(['TB1', 'TB2', 'TB3']);
  const { items } = (await service.client.v1.getWorklistRows({})).data;
  const names = items.map(({ patient }) => patient.name ?? '');
  expect(names.every((name) => name.length > 0 && !JSON.stringify(lines).includes(name))).toBe(true);
  expect(await table('/v1/worklist.csv?search=tb2')).toHaveLength(1);
});

test('alerts as a table name the rule in words and what was last done', async () => {
  const { v1 } = service.client;
  const [alert] = (await v1.listAlerts({})).data;
  await v1.acknowledgeAlert(alert?.id ?? '', {});
  const line = (await table('/v1/alerts.csv')).find((each) => each['alert'] === alert?.id);
  expect(line).toMatchObject({ status: 'acknowledged', last_action: 'acknowledged', last_reason: '' });
  expect(line?.['title_en']).not.toBe(line?.['rule']);
});

test('turnaround and drift answer with what there is, and say where it is too little', async () => {
  const { v1 } = service.client;
  const { data: turnaround } = await v1.getTurnaround({});
  expect(turnaround.studies).toBe(3);
  const legs = turnaround.rows.flatMap(({ legs: all }) => all.filter(({ leg }) => leg === 'reading-opened'));
  expect(legs.reduce((sum, { ended }) => sum + ended, 0)).toBe(3);
  const { data: drift } = await v1.getDrift({});
  expect(drift.devices.reduce((sum, { recentFilms }) => sum + recentFilms, 0)).toBe(3);
  expect(drift.devices.every(({ tooFew }) => tooFew)).toBe(true);
});
