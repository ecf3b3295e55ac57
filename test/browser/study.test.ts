// The study page in a real browser: what is shown is what is there, what fails says so, and nothing that a reader wrote or answered is lost.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

describe('the study page in Chromium', () => {
  let site: Site;
  let uid: string;
  let other: string;
  beforeAll(async () => {
    site = await openSite();
    [uid = '', other = ''] = await site.send([
      { study: 'one', patient: 'AN', phase: 1 },
      { study: 'two', patient: 'BINH', phase: 1.1 },
    ]);
  });
  afterAll(() => site?.close());

  const SOON = { timeout: 15_000 };
  const film = '.viewer[data-film]';
  const state = async (page: Awaited<ReturnType<Site['open']>>) => page.locator(film).getAttribute('data-film');

  test('the original comes after the preview, and each says what it is', async () => {
    const page = await site.open(`/studies/${uid}`);
    await expect.poll(() => state(page), SOON).toBe('full');
    expect(await page.locator('.viewer .corner.right').innerText()).toContain('Original');
    await page.context().close();
  });

  test('without the original values the preview stands there and says so', async () => {
    const page = await site.open('/help');
    await page.route('**/pixels**', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${site.service.address}/studies/${uid}`);
    await expect.poll(() => state(page), SOON).toBe('preview');
    await expect.poll(() => page.locator('.viewer').innerText()).toContain('Only an 8-bit preview');
    await page.context().close();
  });

  test('a film that cannot be had is no black film', async () => {
    const page = await site.open('/help');
    await page.route('**/v1/images/**', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${site.service.address}/studies/${uid}`);
    await expect.poll(() => state(page), SOON).toBe('failed');
    expect(await page.locator('.viewer [role=alert]').innerText()).toContain('not a black film');
    await page.unroute('**/v1/images/**');
    await page.locator('.viewer [role=alert] button').click();
    await expect.poll(() => state(page), SOON).toBe('full');
    await page.context().close();
  });

  test('a heatmap is shown by its key, and one that fails is not "no heat"', async () => {
    const page = await site.open(`/studies/${uid}`);
    const finding = page.locator('[data-finding][data-map=available]').first();
    await finding.waitFor();
    const code = await finding.getAttribute('data-finding');
    const it = page.locator(`[data-finding="${code}"]`);
    await page.keyboard.press('1');
    await expect.poll(() => it.getAttribute('data-map')).toBe('shown');
    await page.keyboard.press('1');
    await expect.poll(() => it.getAttribute('data-map')).toBe('available');
    await page.context().close();

    const broken = await site.open('/help');
    await broken.route('**/heatmaps/**', (route) => route.fulfill({ status: 500, body: '{}' }));
    await broken.goto(`${site.service.address}/studies/${uid}`);
    await broken.locator(`[data-finding="${code}"]`).waitFor();
    await broken.keyboard.press('1');
    await expect.poll(() => broken.locator(`[data-finding="${code}"]`).getAttribute('data-map')).toBe('failed');
    expect(await broken.locator(`[data-finding="${code}"] [role=alert]`).innerText()).toContain('does not mean');
    await broken.context().close();
  });

  test('a drag changes window and level, a wheel zooms, and reset brings back', async () => {
    const page = await site.open(`/studies/${uid}`);
    await expect.poll(() => state(page), SOON).toBe('full');
    const corner = page.locator('.viewer .corner.right');
    const windowOf = async () => /W .*L \S+/.exec(await corner.innerText())?.[0];
    const zoomOf = async () => /Zoom \d+/.exec(await corner.innerText())?.[0];
    const [window, zoom] = [await windowOf(), await zoomOf()];
    const box = await page.locator(film).boundingBox();
    const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 300];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 120, y + 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(windowOf).not.toBe(window);
    await page.mouse.wheel(0, -300);
    await expect.poll(zoomOf).not.toBe(zoom);
    await page.keyboard.press('0');
    await expect.poll(windowOf).toBe(window);
    await expect.poll(zoomOf).toBe(zoom);
    await page.context().close();
  });

  test('a distance is told in millimetres, as one at the detector', async () => {
    const page = await site.open(`/studies/${uid}`);
    await expect.poll(() => state(page), SOON).toBe('full');
    await page.keyboard.press('d');
    const box = await page.locator(film).boundingBox();
    const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 300];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 100, y, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => page.locator('.viewer .corner.right').innerText()).toContain('measured at the detector');
    await page.context().close();
  });

  test('its alert stands on the screen at 1440 × 900 without scrolling', async () => {
    const page = await site.open(`/studies/${uid}`);
    const box = await page.locator('.alert-card').boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 9999)).toBeLessThan(900);
    const tools = await page.locator('.tools').boundingBox();
    expect((tools?.y ?? 9999) + (tools?.height ?? 9999)).toBeLessThan(900);
    const actions = await page.locator('.alert-card .actions').boundingBox();
    expect(actions?.y ?? 9999).toBeLessThan(900);
    await page.context().close();
  });

  test('at phone width the pre-read stands on the first screen, and fingers belong to the film', async () => {
    const page = await site.open(`/studies/${uid}`, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const box = await page.locator('section.verdict').boundingBox();
    expect(box?.y ?? 9999).toBeLessThan(844 - 40);
    expect(
      await page.locator('canvas.film').evaluate((canvas) => canvas.computedStyleMap().get('touch-action')?.toString()),
    ).toBe('none');
    const wide = await page.locator('main, main *').evaluateAll((all) =>
      all
        // The tools are a row that a finger moves; the row itself stays on the screen.
        .filter((each) => each.getBoundingClientRect().right > 391 && each.parentElement?.closest('.tools') === null)
        .map((each) => `${each.tagName} ${each.className}`),
    );
    expect(wide).toEqual([]);
    await page.context().close();
  });

  test('what is half written to an override outlives a change of the study, and details stay open', async () => {
    const page = await site.open(`/studies/${uid}`);
    await page.locator('.alert-card button', { hasText: 'Override' }).click();
    await page.locator('.alert-card textarea').fill('half a sentence');
    await page.locator('.alert-card details summary').click();
    await page.locator('.alert-card textarea').focus();
    await site.service.client.v1.sayOpinion(uid, await anyCode(), { present: true });
    await page.waitForSelector('.opinion');
    expect(await page.inputValue('.alert-card textarea')).toBe('half a sentence');
    expect(await page.locator('.alert-card textarea').evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(await page.locator('.alert-card details').evaluate((details) => details.hasAttribute('open'))).toBe(true);
    await page.context().close();
  });

  const anyCode = async (): Promise<string> => {
    const { data } = await site.service.client.v1.getStudy(uid);
    return data.reading?.findings.find(({ decision }) => decision === 'positive')?.code ?? '';
  };

  test('a finding is disagreed with by one key, and taken back by Undo', async () => {
    const page = await site.open(`/studies/${uid}`);
    const line = page.locator(`[data-finding="${await anyCode()}"]`);
    await line.focus();
    await page.keyboard.press('x');
    await line.locator('.opinion').filter({ hasText: 'absent' }).waitFor();
    await page.locator('.notice button', { hasText: 'Undo' }).click();
    await expect.poll(() => line.locator('.opinion').filter({ hasText: 'absent' }).count()).toBe(0);
    await page.context().close();
  });

  test('a similar case is looked at in place: its alert stays new', async () => {
    const { client } = site.service;
    const before = (await client.v1.listAlerts({ studyUid: other })).data.map(({ status }) => status);
    const { data: study } = await client.v1.getStudy(uid);
    const { data: similar } = await client.v1.getSimilarCases(study.reading?.id ?? '', {});
    const page = await site.open('/help');
    const image = (await client.v1.getStudy(other)).data.images[0];
    const neighbour = {
      readingId: 'near',
      studyUid: other,
      sopInstanceUid: image?.sopInstanceUid,
      ageYears: 50,
      sex: 'F',
      view: 'PA',
      findings: [],
      labelSource: 'model',
      confirmed: { present: [], absent: [] },
    };
    await page.route('**/similar?**', (route) =>
      route.fulfill({
        json: {
          ...similar,
          cutOff: { minimum: 0.35, belowMinimum: 1, alike: 0.55, chance: 0.38, dataset: 'films' },
          neighbours: [{ ...neighbour, similarity: 0.93 }],
        },
      }),
    );
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator('.similar .case').first().waitFor();
    expect(await page.locator('.similar .case').count()).toBe(1);
    const section = await page.locator('section', { hasText: 'Similar cases' }).last().innerText();
    expect(section).toContain('1 case below');
    expect(section).toContain('55 % have a finding in common');
    await page.locator('.similar .case').first().click();
    await page.waitForSelector('[role=dialog] img');
    expect(page.url()).toContain(uid);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('[role=dialog]').count()).toBe(0);
    expect((await client.v1.listAlerts({ studyUid: other })).data.map(({ status }) => status)).toEqual(before);
    expect((await client.v1.getStudy(other)).data.openedAt).toBeNull();
    await page.context().close();
  });

  test('a critical 9 % stands above a routine 80 %', async () => {
    const page = await site.open('/help');
    const { data: models } = await site.service.client.v1.listModels();
    const { data: study } = await site.service.client.v1.getStudy(uid);
    const [one, two] = models.models[0]?.heads ?? [];
    await page.route('**/v1/models', (route) =>
      route.fulfill({
        json: {
          ...models,
          models: models.models.map((model) => ({
            ...model,
            heads: model.heads.map((head) => ({ ...head, priority: head.code === two?.code ? 'critical' : 'routine' })),
          })),
        },
      }),
    );
    await page.route(`**/v1/studies/${uid}`, (route) =>
      route.fulfill({
        json: {
          ...study,
          reading: {
            ...study.reading,
            findings: [
              { code: one?.code, probability: 0.8, decision: 'positive', prevalence: null, heatmap: null },
              { code: two?.code, probability: 0.09, decision: 'positive', prevalence: null, heatmap: null },
            ],
          },
        },
      }),
    );
    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.waitForSelector('[data-finding]');
    const order = await page
      .locator('[data-finding]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-finding')));
    expect(order).toEqual([two?.code, one?.code]);
    // The colour of what is critical is of that alone.
    const colours = await page
      .locator('[data-finding] .decision')
      .evaluateAll((all) => all.map((each) => each.computedStyleMap().get('color')?.toString()));
    expect(new Set(colours).size).toBe(2);
    await page.context().close();
  });

  test('every image of a study can be reached', async () => {
    const bytes = await filmDicom({ study: 'one', patient: 'AN', phase: 2, view: 'LL' });
    await site.service.client.upload([{ name: 'second.dcm', bytes: Uint8Array.from(bytes) }]);
    await site.service.client.waitUntilRead(uid);
    const page = await site.open(`/studies/${uid}`);
    await page.locator('[data-image="2"]').click();
    await expect.poll(() => page.locator('[data-image="2"]').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => state(page), SOON).toBe('full');
    await page.context().close();
  });

  test('"Done reading" names the unanswered critical alert, and has a way back', async () => {
    const page = await site.open('/help');
    const { data: alerts } = await site.service.client.v1.listAlerts({ studyUid: other });
    await page.route('**/v1/alerts?**', (route) =>
      route.fulfill({ json: alerts.map((alert) => ({ ...alert, severity: 'critical', status: 'seen' })) }),
    );
    await page.goto(`${site.service.address}/studies/${other}`);
    await page.locator('#close').click();
    const question = page.locator('[role=alertdialog]');
    expect(await question.innerText()).toContain('critical alert');
    expect(await question.locator('button.main').evaluate((button) => button.matches(':focus'))).toBe(true);
    await question.locator('button', { hasText: 'Close all the same' }).click();
    await page.locator('.notice button', { hasText: 'Undo' }).click();
    await page.waitForSelector(`main[data-study-uid="${other}"]`);
    await expect.poll(async () => (await site.service.client.v1.getStudy(other)).data.closedAt).toBeNull();
    await page.context().close();
  });

  test('from the worklist a finding is disagreed with and its alert answered with a reason in five clicks', async () => {
    const [fresh = ''] = await site.send([{ study: 'five', patient: 'NAM', phase: 1.2 }]);
    const page = await site.open('/');
    await page.locator(`tr[data-study-uid="${fresh}"]`).click();
    const line = page.locator('[data-finding][data-decision=positive]').first();
    const code = await line.getAttribute('data-finding');
    await line.locator('.answer button').last().click();
    await page.locator('.alert-card button', { hasText: 'Override with a reason' }).click();
    await page.locator('.alert-card select').selectOption('disagree');
    await page.locator('.alert-card button', { hasText: 'Send' }).click();
    const { v1 } = site.service.client;
    await expect
      .poll(async () => (await v1.listAlerts({ studyUid: fresh })).data.map(({ status }) => status))
      .toEqual(['overridden']);
    const { data } = await v1.getOpinions(fresh);
    expect(data.filter(({ findingCode }) => findingCode === code).map(({ present }) => present)).toEqual([false]);
    await page.context().close();
  });

  test('a study that is not there says so', async () => {
    const page = await site.open('/studies/1.2.3');
    await page.locator('main [role=alert]').waitFor();
    expect(await page.locator('main [role=alert]').innerText()).toContain('no such study');
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
