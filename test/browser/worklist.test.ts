// The worklist in a real browser: each test is a way in which a list has lost a patient.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ROW = 'tr[data-study-uid]';

describe('the worklist in Chromium', () => {
  let site: Site;
  let uids: string[];
  beforeAll(async () => {
    site = await openSite();
    uids = await site.send([
      ...Array.from({ length: 7 }, (_, at) => ({ study: `s${at}`, patient: `AN${at}`, phase: at })),
      { study: 'hand', patient: 'TAY', bodyPart: 'HAND' as const },
    ]);
    await site.service.client.upload([{ name: 'x.dcm', bytes: new TextEncoder().encode('no film') }]).catch(() => null);
  });
  afterAll(() => site?.close());

  test('Enter opens the row that has the focus, and Back leads to it again with the filters', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    await page.fill('input[type=search]', 'an');
    await expect.poll(() => page.locator(ROW).count()).toBe(7);
    const fifth = page.locator(ROW).nth(4);
    const uid = await fifth.getAttribute('data-study-uid');
    await fifth.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(`main[data-study-uid="${uid}"]`);
    await page.keyboard.press('Escape');
    await page.waitForSelector(`${ROW}:focus`);
    expect(await page.locator(`${ROW}:focus`).getAttribute('data-study-uid')).toBe(uid);
    expect(await page.inputValue('input[type=search]')).toBe('an');
    expect(await page.locator(ROW).count()).toBe(7);
    await page.context().close();
  });

  test('Enter without a focused row opens nothing; j and k move the focus', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(
      await page
        .locator(ROW)
        .nth(1)
        .evaluate((row) => row.matches(':focus')),
    ).toBe(true);
    await page.keyboard.press('k');
    expect(
      await page
        .locator(ROW)
        .nth(0)
        .evaluate((row) => row.matches(':focus')),
    ).toBe(true);
    await page.context().close();
  });

  test('the true total stands there, and a search finds with and without diacritics', async () => {
    const page = await site.open('/');
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('8');
    await page.fill('input[type=search]', 'phántom táy');
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('1');
    expect(await page.locator(ROW).getAttribute('data-outcome')).toBe('not-assessed');
    expect(await page.locator(ROW).innerText()).toContain('Not assessed');
    await page.context().close();
  });

  test('refused files are named on the list', async () => {
    const page = await site.open('/');
    await page.waitForSelector('[data-refused="1"]');
    await page.locator('[data-refused] summary').click();
    expect(await page.locator('[data-refused]').innerText()).toMatch(/dicom\./);
    expect(await page.locator('[data-refused] li').innerText()).toContain('The file is not DICOM');
    // In the reader's language, as everything is.
    await page.locator('#language').click();
    await expect.poll(() => page.locator('[data-refused] li').innerText()).toContain('Tệp không phải là DICOM');
    await page.context().close();
  });

  test('a model list that cannot be had takes no study away', async () => {
    const page = await site.open('/help');
    await page.route('**/v1/models', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto(`${site.service.address}/`);
    await expect.poll(() => page.locator(ROW).count()).toBe(8);
    expect(await page.locator('[role=alert]').count()).toBe(0);
    await page.context().close();
  });

  test('a service that cannot be reached is a sentence, and the rows stay', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    await page.route('**/v1/worklist/rows**', (route) => route.abort());
    await page.keyboard.press('r');
    await page.waitForSelector('.fault[role=alert]');
    const text = await page.locator('.fault[role=alert]').innerText();
    expect(text).toContain('cannot be reached');
    expect(text).not.toContain('Failed to fetch');
    expect(await page.locator(ROW).count()).toBe(8);
    await page.context().close();
  });

  test('an arrival is announced, and moves nothing under the pointer', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    const order = () => page.locator(ROW).evaluateAll((rows) => rows.map((row) => row.getAttribute('data-study-uid')));
    await page.locator(ROW).nth(3).hover();
    const before = await order();
    const [arrived] = await site.send([{ study: 'late', patient: 'LATE', phase: 0.4 }]);
    await page.waitForSelector('.arrived');
    expect(await order()).toEqual(before);
    await page.keyboard.press('r');
    await expect.poll(order).toContain(arrived);
    // With the hand away the list follows by itself.
    await page.mouse.move(5, 5);
    const [next] = await site.send([{ study: 'later', patient: 'LATER', phase: 0.6 }]);
    await expect.poll(order, { timeout: 15_000 }).toContain(next);
    await page.context().close();
  });

  test('after an override the list no longer says what the clinician has rejected', async () => {
    const { client } = site.service;
    const { data: alerts } = await client.v1.listAlerts({ studyUid: uids[0] ?? '' });
    const [alert] = alerts;
    await client.v1.overrideAlert(alert?.id ?? '', { reasonCode: 'disagree' });
    const page = await site.open('/');
    const row = page.locator(`tr[data-study-uid="${uids[0]}"]`);
    await row.waitFor();
    expect(await row.locator('.chip.denied s').count()).toBeGreaterThan(0);
    expect(await row.innerText()).toContain('Alert overridden');
    expect(await row.locator('.place').innerText()).toContain('Routine');
    await page.context().close();
  });

  test('a closed study is found under "All" and comes back', async () => {
    const { client } = site.service;
    await client.v1.closeStudy(uids[1] ?? '');
    const page = await site.open('/?search=an1');
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('0');
    await page.locator('select#state').selectOption('all');
    await page.locator(ROW).click();
    await page.locator('.study-bar button', { hasText: 'Back into the worklist' }).click();
    await page.waitForSelector('#close');
    await page.goto(`${site.service.address}/?search=an1`);
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('1');
    await page.context().close();
  });

  test('an idle list asks for nothing', async () => {
    const page = await site.open('/');
    await page.waitForSelector(ROW);
    await page.mouse.move(5, 5);
    await page.waitForTimeout(2500);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForTimeout(6000);
    expect(asked).toEqual([]);
    await page.context().close();
  });

  test('at least twelve rows stand on a screen of 900 pixels', async () => {
    await site.send(Array.from({ length: 8 }, (_, at) => ({ study: `m${at}`, patient: `BINH${at}`, phase: at / 3 })));
    const page = await site.open('/');
    await expect.poll(() => page.locator(ROW).count()).toBeGreaterThan(14);
    const bottoms = await page
      .locator(ROW)
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
    expect(bottoms.filter((bottom) => bottom <= 900).length).toBeGreaterThanOrEqual(12);
    await page.context().close();
  });

  test('rows have one height, whatever stands in them', async () => {
    const page = await site.open('/', { locale: 'vi-VN' });
    await expect.poll(() => page.locator(ROW).count()).toBeGreaterThan(14);
    const heights = await page
      .locator(ROW)
      .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height)));
    expect([...new Set(heights)]).toHaveLength(1);
    await page.context().close();
  });

  test('a small picture says whether it is coming, is here or cannot be had: black is only ever a film', async () => {
    const page = await site.open('/help');
    let release: (() => void) | undefined;
    const held = new Promise<void>((done) => (release = done));
    let asked = 0;
    await page.route('**/v1/images/**', async (route) => {
      asked += 1;
      if (asked === 1) return route.fulfill({ status: 500, body: '{}' });
      await held;
      return route.continue();
    });
    await page.goto(`${site.service.address}/`);
    await page.waitForSelector(ROW);
    await page.locator('[data-thumb=failed]').waitFor();
    const coming = page.locator('[data-thumb=loading]').first();
    await coming.waitFor();
    const ground = await coming.evaluate((field) => field.computedStyleMap().get('background-color')?.toString());
    expect(ground).not.toBe('rgb(0, 0, 0)');
    release?.();
    await page.locator('[data-thumb=shown]').first().waitFor();
    await expect.poll(() => page.locator('[data-thumb=loading]').count()).toBe(0);
    expect(await page.locator('[data-thumb=failed]').getByRole('img').getAttribute('aria-label')).toContain(
      'not be shown',
    );
    await page.context().close();
  });

  test.each(['vi-VN', 'en-GB'])('on a phone the head leaves the screen to the list (%s)', async (locale) => {
    const page = await site.open('/', { locale, viewport: { width: 390, height: 844 } });
    await page.waitForSelector(ROW);
    const box = await page.locator('header.top').boundingBox();
    expect(box?.height).toBeLessThan(84);
    const first = await page.locator(ROW).first().boundingBox();
    expect(first?.y).toBeLessThan(400);
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
