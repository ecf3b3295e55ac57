// The viewer in a real browser: what it measures, how it windows, what lies on the film and beside it, and what a program finds there.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const SOON = { timeout: 15_000 };

describe('the viewer in Chromium', () => {
  let site: Site;
  let uid: string;
  let earlier: string;
  beforeAll(async () => {
    site = await openSite();
    [earlier = '', uid = ''] = await site.send([
      { study: 'old', patient: 'AN', phase: 1.3, date: '20250210' },
      { study: 'new', patient: 'AN', phase: 1 },
    ]);
  });
  afterAll(() => site?.close());

  type Page = Awaited<ReturnType<Site['open']>>;
  const opened = async (path = `/studies/${uid}`, options: Parameters<Site['open']>[1] = {}): Promise<Page> => {
    const page = await site.open(path, options);
    await page.locator('.viewer[data-film=full]').first().waitFor(SOON);
    return page;
  };
  const corner = (page: Page, at = 0) => page.locator('.viewer .corner.right').nth(at);
  const zoomOf = async (page: Page, at = 0) => /Zoom \d+/.exec(await corner(page, at).innerText())?.[0];
  const windowOf = async (page: Page) => /W .*L \S+/.exec(await corner(page).innerText())?.[0];
  const drag = async (page: Page, from: readonly [number, number], to: readonly [number, number]) => {
    const box = await page.locator('.viewer').first().boundingBox();
    const [x, y] = [box?.x ?? 0, box?.y ?? 0];
    await page.mouse.move(x + from[0], y + from[1]);
    await page.mouse.down();
    await page.mouse.move(x + to[0], y + to[1], { steps: 3 });
    await page.mouse.up();
  };

  test('a program finds the study, its findings and the state of film and maps', async () => {
    const asked: string[] = [];
    const page = await site.open('/help');
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator('[data-film=full]').waitFor(SOON);
    expect(await page.locator('main').getAttribute('data-study-uid')).toBe(uid);
    const { data: study } = await site.service.client.v1.getStudy(uid);
    const states = await page
      .locator('[data-finding]')
      .evaluateAll((all) =>
        all.map((each) => ['data-finding', 'data-decision', 'data-map'].map((name) => each.getAttribute(name))),
      );
    expect(states.length).toBeGreaterThan(0);
    for (const [code, decision, map] of states) {
      const finding = study.reading?.findings.find((each) => each.code === code);
      expect(decision).toBe(finding?.decision);
      expect(map).toBe(finding?.heatmap?.state ?? 'none');
    }
    const pictures = asked.filter((url) => url.includes(study.images[0]?.sopInstanceUid ?? '-'));
    expect(pictures.length).toBeGreaterThan(1);
    for (const url of pictures) expect(url).toMatch(/images|instances|frames|rendered|pixels/);
    await page.keyboard.press('1');
    await page.locator('[data-map=shown]').waitFor();
    expect(asked.some((url) => /heatmap|maps/.test(url))).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.context().close();
  });

  test('an angle is drawn in two strokes, a distance in one, and each goes by Undo', async () => {
    const page = await opened();
    await page.keyboard.press('e');
    await drag(page, [200, 200], [300, 200]);
    expect(await page.locator('[data-measure]').count()).toBe(0);
    await drag(page, [320, 230], [300, 320]);
    await expect.poll(() => page.locator('[data-measure]').allInnerTexts()).toEqual(['90.0°']);
    await page.keyboard.press('d');
    await drag(page, [200, 200], [300, 200]);
    await expect.poll(() => page.locator('[data-measure]').count()).toBe(2);
    await page.keyboard.press('u');
    await expect.poll(() => page.locator('[data-measure]').allInnerTexts()).toEqual(['90.0°']);
    await page.context().close();
  });

  test('presets change the window by one key, and what a hand has set is called so', async () => {
    const page = await opened();
    const preset = page.locator('select.preset');
    const sent = await windowOf(page);
    await page.keyboard.press('g');
    expect(await preset.inputValue()).toBe('whole');
    await preset.selectOption('lungs');
    await expect.poll(() => windowOf(page)).not.toBe(sent);
    await drag(page, [200, 200], [260, 240]);
    await expect.poll(() => preset.inputValue()).toBe('');
    await page.keyboard.press('0');
    await expect.poll(() => windowOf(page)).toBe(sent);
    expect(await preset.inputValue()).toBe('sent');
    await page.context().close();
  });

  test('several maps lie on the film at once, each with its own colour and name', async () => {
    const page = await site.open('/help');
    const { data: study } = await site.service.client.v1.getStudy(uid);
    const real = study.reading?.findings.find(({ heatmap }) => heatmap?.state === 'available');
    const second = study.reading?.findings.find(({ code, decision }) => code !== real?.code && decision === 'positive');
    expect(second).toBeDefined();
    await page.route(`**/v1/studies/${uid}`, (route) =>
      route.fulfill({
        json: {
          ...study,
          reading: {
            ...study.reading,
            findings: study.reading?.findings.map((finding) =>
              finding.code === second?.code ? { ...finding, heatmap: real?.heatmap } : finding,
            ),
          },
        },
      }),
    );
    await page.route(`**/heatmaps/${second?.code}`, async (route) =>
      route.continue({ url: route.request().url().replace(`/${second?.code}`, `/${real?.code}`) }),
    );
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator('[data-film=full]').waitFor(SOON);
    for (const key of ['1', '2']) await page.keyboard.press(key);
    await expect.poll(() => page.locator('[data-map=shown]').count()).toBe(2);
    expect(await page.locator('.legend-name').count()).toBe(2);
    expect(await page.locator('.legend-scale').innerText()).toContain('strongest');
    await page.keyboard.press('c');
    await expect.poll(() => page.locator('.legend-scale').count()).toBe(0);
    await page.keyboard.press('h');
    await expect.poll(() => page.locator('.legend').count()).toBe(0);
    await page.context().close();
  });

  test('an earlier film stands beside this one, follows it, and is not opened by that', async () => {
    const page = await opened();
    await page.locator('[data-priors="1"]').waitFor();
    await page.keyboard.press('b');
    await expect.poll(() => page.locator('.viewer[data-film=full]').count(), SOON).toBe(2);
    expect(await page.locator('.film-title').nth(1).innerText()).toContain('10/02/2025');
    const before = await zoomOf(page, 1);
    await page.locator('.viewer').first().hover();
    await page.mouse.wheel(0, -400);
    await expect.poll(() => zoomOf(page, 1)).not.toBe(before);
    expect(await zoomOf(page, 1)).toBe(await zoomOf(page, 0));
    await page.locator('.prior-bar input[type=checkbox]').uncheck();
    const [one, other] = [await zoomOf(page, 0), await zoomOf(page, 1)];
    await page.locator('.viewer').first().hover();
    await page.mouse.wheel(0, -400);
    await expect.poll(() => zoomOf(page, 0)).not.toBe(one);
    expect(await zoomOf(page, 1)).toBe(other);
    expect((await site.service.client.v1.getStudy(earlier)).data.openedAt).toBeNull();
    await page.context().close();
  });

  test('two fingers zoom the film, not the page', async () => {
    const page = await opened(`/studies/${uid}`, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const box = await page.locator('.viewer').first().boundingBox();
    const [x, y] = [Math.round((box?.x ?? 0) + 190), Math.round((box?.y ?? 0) + 120)];
    const before = await zoomOf(page);
    const touch = await page.context().newCDPSession(page);
    const fingers = (apart: number) => [
      { x: x - apart, y, id: 1 },
      { x: x + apart, y, id: 2 },
    ];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) });
    for (const apart of [40, 55, 70])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(() => zoomOf(page)).not.toBe(before);
    expect(await page.evaluate('visualViewport.scale')).toBe(1);
    await page.context().close();
  });

  test('a caution stands beside the number that it lessens', async () => {
    const page = await site.open('/help');
    const { data: study } = await site.service.client.v1.getStudy(uid);
    const [doubted] = study.reading?.findings.filter(({ decision }) => decision === 'positive') ?? [];
    await page.route(`**/v1/studies/${uid}`, (route) =>
      route.fulfill({
        json: {
          ...study,
          reading: {
            ...study.reading,
            findings: study.reading?.findings.map((finding) => ({
              ...finding,
              beyondCalibration: finding.code === doubted?.code,
            })),
          },
        },
      }),
    );
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator(`[data-finding="${doubted?.code}"] [data-caution]`).waitFor();
    expect(await page.locator('[data-caution]').count()).toBe(1);
    await page.context().close();
  });

  test('the draft of the report is copied in either language, and says that it is preliminary', async () => {
    const page = await opened(`/studies/${uid}`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('summary', { hasText: 'Draft report' }).click();
    const copied = async (button: string): Promise<string> => {
      await page.locator('button', { hasText: button }).click();
      await page.locator('.notice', { hasText: 'Copied' }).waitFor();
      return page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copied('Copy in English')).toMatch(/PRELIMINARY[^]*The model suggests[^]*%/);
    expect(await copied('Copy in Vietnamese')).toMatch(/SƠ BỘ[^]*Mô hình gợi ý/i);
    await page.context().close();
  });

  test('where a site reads first, the pre-read waits behind the reader’s own word', async () => {
    const page = await site.open('/help');
    await page.route('**/v1/page-settings', (route) => route.fulfill({ json: { firstRead: true, sandbox: false } }));
    await page.goto(`${site.service.address}/`);
    const row = page.locator(`tr[data-study-uid="${uid}"]`);
    await row.waitFor();
    expect(await row.innerText()).toContain('Shown after your first reading');
    expect(await row.locator('.chip').count()).toBe(0);
    await row.click();
    await page.locator('[data-first-read]').waitFor();
    expect(await page.locator('[data-finding], .alert-card').count()).toBe(0);
    await page.keyboard.press('1');
    expect(await page.locator('.legend').count()).toBe(0);
    await page.locator('#first-finding').selectOption({ index: 1 });
    await page.locator('.notice').waitFor();
    await page.locator('#reveal').click();
    await page.locator('[data-finding] .opinion').waitFor();
    expect(await page.locator('[data-first-read]').count()).toBe(0);
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
