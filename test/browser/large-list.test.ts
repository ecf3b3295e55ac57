// A list that is longer than any screen or page: its counts are the whole list's, every row can be reached, and a look at it stays small.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { openStore } from '#store/store.ts';
import { fill, patientId, studyUid } from '../../benchmarks/growth/fill.ts';
import { freshDataDir } from '../store/hosts.ts';
import { openSite, type Site } from './site.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 400_000 });

const STUDIES = 2_016;
/** Uncompressed, of the 60 rows that a page asks for. */
const MOST_BYTES = 64_000;
const ROW = 'tr[data-study-uid]';

describe('a list of 2,016 studies in Chromium', () => {
  let site: Site;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await freshDataDir();
    await (await openStore({ dataDir, clock: systemClock })).close();
    const database = await openDatabase(await openEmbedded(dataDir, 'haidang'));
    await fill(database, STUDIES);
    await database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      for (const table of ['study', 'instance', 'reading', 'finding', 'alert', 'alert_event'])
        await tx.query(`update ${table} set facility_id = 'local' where facility_id = 'bench'`);
    });
    await database.close();
    site = await openSite(undefined, undefined, { HAIDANG_DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await site?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('the true counts stand there, of all studies and of each group', async () => {
    const page = await site.open('/?state=all');
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe(String(STUDIES));
    expect(await page.locator(ROW).count()).toBeLessThan(STUDIES);
    await page.goto(`${site.service.address}/`);
    await page.waitForSelector(ROW);
    const { total, counts } = (await site.service.client.v1.getWorklistRows({})).data;
    expect(total).toBeGreaterThan(500);
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe(String(total));
    for (const place of ['critical', 'urgent', 'routine'] as const)
      expect(await page.locator(`[data-place=${place}] .number`).innerText()).toBe(String(counts[place]));
    await page.context().close();
  });

  test('rows come as the list is read, none twice, and ten keys move ten rows', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    for (let press = 0; press < 10; press += 1) await page.keyboard.press('j');
    await expect
      .poll(() =>
        page
          .locator(ROW)
          .nth(9)
          .evaluate((row) => row.matches(':focus')),
      )
      .toBe(true);
    const before = await page.locator(ROW).count();
    await page.locator(ROW).last().scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator(ROW).count(), { timeout: 60_000 }).toBeGreaterThan(before);
    const uids = await page.locator(ROW).evaluateAll((rows) => rows.map((row) => row.getAttribute('data-study-uid')));
    expect(new Set(uids).size).toBe(uids.length);
    await page.context().close();
  });

  test('a patient of the oldest study is found, though it stands far below every page', async () => {
    const [uid, patient] = [studyUid(0), patientId(0)];
    const page = await site.open('/?state=all');
    await page.waitForSelector(ROW);
    expect(await page.locator(`tr[data-study-uid="${uid}"]`).count()).toBe(0);
    await page.fill('input[type=search]', patient);
    await page.locator(`tr[data-study-uid="${uid}"]`).waitFor();
    // Three studies a person, as the archive is filled.
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('3');
    await page.context().close();
  });

  test('one look at the list is small', async () => {
    const answer = await fetch(`${site.service.address}/v1/worklist/rows?limit=60`);
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(MOST_BYTES);
  });
});
