// The attributes by which a program that drives a browser finds its way: addresses, search, rows and their keys, true totals, the states of film and
// maps, the words in the addresses of pictures, alerts for a person, and the language. Other programs rely on each of them.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { openSite, type Site } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const PICTURE = /images|instances|frames|rendered|pixels/;
const MAP = /heatmap|maps/;

describe('what a program finds on the pages', () => {
  let site: Site;
  let uid = '';
  let reading: NonNullable<Awaited<ReturnType<typeof studyOf>>['reading']>;
  const studyOf = async () => (await site.service.client.v1.getStudy(uid)).data;
  beforeAll(async () => {
    site = await openSite();
    [uid = ''] = await site.send([1, 2, 3].map((phase) => ({ study: `c${phase}`, patient: `AN${phase}`, phase })));
    await site.service.client.waitUntilRead(uid, { until: 'maps-checked' });
    const { reading: read } = await studyOf();
    if (read === null) throw new Error('the study was not read');
    reading = read;
  });
  afterAll(() => site?.close());

  /** A study whose findings have these states of their maps, one after the other; null: no map. */
  async function withMaps(page: Page, states: readonly (string | null)[]): Promise<readonly string[]> {
    const study = await studyOf();
    const findings = reading.findings.slice(0, states.length);
    await page.route(`**/v1/studies/${uid}`, (route) =>
      route.fulfill({
        json: {
          ...study,
          reading: {
            ...reading,
            findings: findings.map((finding, at) => ({
              ...finding,
              heatmap: states[at] === null ? null : { ...reading.findings[0]?.heatmap, state: states[at] },
            })),
          },
        },
      }),
    );
    return findings.map(({ code }) => code);
  }

  const stateOf = (page: Page, code: string) => page.locator(`[data-finding="${code}"]`).getAttribute('data-map');

  test.each(['/', '/studies/UID', '/patients/AN1', '/alerts', '/admin', '/help'])(
    '%s has one main element, and says its language',
    async (path) => {
      for (const [locale, lang] of [
        ['vi-VN', 'vi'],
        ['en-GB', 'en'],
      ] as const) {
        const page = await site.open(path.replace('UID', uid), { locale });
        await page.waitForSelector('main:not(.state)');
        expect(await page.locator('main').count()).toBe(1);
        expect(await page.evaluate('document.documentElement.lang')).toBe(lang);
        await page.locator('#language').click();
        expect(await page.evaluate('document.documentElement.lang')).toBe(lang === 'vi' ? 'en' : 'vi');
        await page.context().close();
      }
    },
  );

  test('the worklist searches, counts what matches, and Enter opens the row that has the focus', async () => {
    const page = await site.open('/');
    const total = () => page.locator('[data-total]').getAttribute('data-total');
    await expect.poll(total).toBe('3');
    expect(await page.locator('[data-total]').count()).toBe(1);
    for (const [words, n] of [
      ['AN', '3'],
      ['an2', '1'],
      ['nobody', '0'],
    ] as const) {
      await page.locator('input[type=search]').fill(words);
      await expect.poll(total).toBe(n);
      await expect.poll(() => page.locator('[data-study-uid]').count()).toBe(Number(n));
    }
    await page.locator('input[type=search]').fill('');
    await expect.poll(() => page.locator('[data-study-uid]').count()).toBe(3);
    const row = page.locator('[data-study-uid]').nth(1);
    const second = await row.getAttribute('data-study-uid');
    await row.focus();
    expect(await row.evaluate((each) => each.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/studies/${second}`);
    await page.waitForSelector(`main[data-study-uid="${second}"]`);
    await page.context().close();
  });

  test('the inbox counts what matches, and Enter opens the row that has the focus', async () => {
    const page = await site.open('/alerts');
    const { total, items } = (await site.service.client.v1.getAlertInbox({})).data;
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe(String(total));
    const row = page.locator('[data-alert-id]').last();
    const id = await row.getAttribute('data-alert-id');
    await row.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/studies/${items.find((alert) => alert.id === id)?.subject.studyUid}`);
    await page.context().close();
  });

  test('the total of the inbox is of all that match, not of what is shown', async () => {
    const page = await site.open('/help');
    await page.route('**/v1/alerts/inbox**', async (route) => {
      const answer: object = await (await route.fetch()).json();
      return route.fulfill({ json: { ...answer, total: 1_234 } });
    });
    await page.goto(`${site.service.address}/alerts`);
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe('1234');
    await page.context().close();
  });

  test('a person’s films are rows too', async () => {
    const page = await site.open('/patients/AN1');
    await page.locator('[data-total="1"]').waitFor();
    const row = page.locator('[data-study-uid]');
    await row.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('main').getAttribute('data-study-uid')).toBe(uid);
    await page.context().close();
    const empty = await site.open('/patients/NOBODY');
    await empty.locator('[data-total="0"]').waitFor();
    await empty.context().close();
  });

  test('each finding says its code, its decision and the state of its map', async () => {
    const page = await site.open('/help');
    const states = ['available', 'hidden', 'checking', 'failed', null].slice(0, reading.findings.length);
    const codes = await withMaps(page, states);
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.waitForSelector('[data-finding]');
    for (const [at, code] of codes.entries()) {
      expect([code, await stateOf(page, code)]).toEqual([code, states[at] ?? 'none']);
      const said = await page.locator(`[data-finding="${code}"]`).getAttribute('data-decision');
      expect(said).toBe(reading.findings.find((finding) => finding.code === code)?.decision);
    }
    expect(await page.locator('main').getAttribute('data-study-uid')).toBe(uid);
    await page.context().close();
  });

  test('a map is shown by its button, by a click on its finding and by Enter, and one that fails says so', async () => {
    const page = await site.open(`/studies/${uid}`);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const finding = page.locator('[data-finding][data-map=available]').first();
    await finding.waitFor();
    const code = (await finding.getAttribute('data-finding')) ?? '';
    const it = page.locator(`[data-finding="${code}"]`);
    await it.locator('button[aria-pressed=false]', { hasText: /heatmap/i }).click();
    await expect.poll(() => stateOf(page, code)).toBe('shown');
    expect(asked.filter((url) => MAP.test(url))).toHaveLength(1);
    await it.locator('.name').click();
    await expect.poll(() => stateOf(page, code)).toBe('available');
    await it.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => stateOf(page, code)).toBe('shown');
    await page.keyboard.press('Enter');
    await page.route(MAP, (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.reload();
    await it.locator('.name').click();
    await expect.poll(() => stateOf(page, code)).toBe('failed');
    await it.locator('[role=alert]').waitFor();
    await page.context().close();
  });

  test('the film says what is on the screen, and its pictures have known addresses', async () => {
    const page = await site.open('/help');
    const image = (await studyOf()).images[0]?.sopInstanceUid ?? 'none';
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route(
      (url) => PICTURE.test(url.pathname),
      async (route) => {
        await held;
        return route.continue();
      },
    );
    const film = page.locator('[data-film]');
    await page.goto(`${site.service.address}/studies/${uid}`, { waitUntil: 'commit' });
    await page.locator('[data-film=loading]').waitFor();
    release();
    await page.locator('[data-film=full]').waitFor();
    expect(await film.count()).toBe(1);
    const ofFilm = asked.filter((url) => url.includes(image));
    expect(ofFilm.length).toBeGreaterThan(1);
    for (const url of ofFilm) expect(url).toMatch(PICTURE);
    await page.context().close();

    const preview = await site.open('/help');
    await preview.route(/pixels/, (route) => route.fulfill({ status: 500, body: '{}' }));
    await preview.goto(`${site.service.address}/studies/${uid}`);
    await preview.locator('[data-film=preview]').waitFor();
    await preview.context().close();
  });

  test.each(['abort', 'status 500', 'not a picture'])('a film that fails (%s) is an alert', async (how) => {
    const page = await site.open('/help');
    await page.route(
      (url) => PICTURE.test(url.pathname),
      (route) =>
        how === 'abort'
          ? route.abort()
          : route.fulfill(how === 'status 500' ? { status: 500, body: '{}' } : { status: 200, body: 'x' }),
    );
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator('[data-film=failed]').waitFor();
    expect(await page.locator('[data-film=failed] [role=alert]').innerText()).toContain('not a black film');
    await page.context().close();
  });

  test.each(['/', '/studies/UID', '/patients/AN1', '/alerts', '/admin'])(
    '%s tells a person what it could not get',
    async (path) => {
      const page = await site.open('/help');
      await page.route(/\/v1\/(?!session|page-settings|images)/, (route) => route.fulfill({ status: 500, body: '{}' }));
      await page.goto(`${site.service.address}${path.replace('UID', uid)}`);
      await expect.poll(() => page.locator('main [role=alert]').count()).toBeGreaterThan(0);
      await page.context().close();
    },
  );
});
