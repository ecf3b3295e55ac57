// The pages in a real browser, where one is installed (CI installs Debian's Chromium): they work by key, in both languages, and ask
// nobody but this service.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { morning } from '#phantom-cxr/morning.ts';
import { filmDicom } from '../fixtures/film.ts';
import { type TestService, openTestService } from '../flows/service.ts';

/** Runs in the page, whose own rules forbid a string to be run as a script: true when the picture has arrived. */
const drawn = (selector: string): boolean =>
  Reflect.get(globalThis, 'document').querySelector(selector)?.naturalWidth > 0;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const CHROMIUM = '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))('the pages in Chromium', () => {
  let service: TestService;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const strangers: string[] = [];

  beforeAll(async () => {
    service = await openTestService();
    const films = [
      await filmDicom({ study: 'one', patient: 'AN', phase: 1 }),
      await filmDicom({ study: 'two', patient: 'BINH', phase: 2 }),
      await filmDicom({ study: 'three', patient: 'CHAU', bodyPart: 'HAND' }),
    ];
    const { studies } = await service.client.upload(
      films.map((bytes, index) => ({ name: `${index}.dcm`, bytes: Uint8Array.from(bytes) })),
    );
    for (const studyUid of studies) await service.client.waitUntilRead(studyUid);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage({ locale: 'vi-VN' });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(service.address)) strangers.push(request.url());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  test('the worklist shows every study, in Vietnamese first, and in English at the press of a key', async () => {
    await page.goto(`${service.address}/`);
    await page.waitForSelector('tr.study');
    expect(await page.locator('tr.study').count()).toBe(3);
    expect(await page.locator('.outcome-not-assessed').textContent()).toContain('Không đánh giá được');
    await page.keyboard.press('l');
    await page.waitForSelector('html[lang=en]');
    expect(await page.locator('.outcome-not-assessed').textContent()).toContain('Not assessed');
    expect(await page.locator('.device').textContent()).toContain('Not a registered medical device');
  });

  test('the search finds a name, and Escape gives the keys back', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('binh');
    await expect.poll(() => page.locator('tr.study').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.patient-name').textContent()).toContain('BINH');
    await page.fill('#search', '');
  });

  test('a study opens by Enter, shows film, findings and a heatmap by number key', async () => {
    await page.goto(`${service.address}/`);
    await page.waitForSelector('tr.chosen');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.finding');
    await page.waitForSelector('img.film');
    await page.waitForFunction(drawn, 'img.film');
    await page.keyboard.press('1');
    await page.waitForFunction(drawn, 'img.map');
    expect(await page.locator('.watermark').isVisible()).toBe(true);
  });

  test('its alert is overridden with a coded reason', async () => {
    await page.locator('.alert-card button', { hasText: 'Override' }).click();
    await page.locator('.alert-card select').selectOption('image-quality');
    await page.locator('.alert-card button', { hasText: 'Send' }).click();
    await page.waitForSelector('.alert-card strong:text-is("Overridden")');
    expect(await page.locator('.alert-card button').count()).toBe(0);
  });

  test('a study that is not there says so', async () => {
    await page.goto(`${service.address}/studies/1.2.3`);
    await page.waitForSelector('.state.error');
    expect(await page.locator('.state.error').textContent()).toContain('no such study');
  });

  test('nothing failed on the way, and nobody else was asked', () => {
    // The page that is not there asks for a study that is not there.
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    expect(strangers).toEqual([]);
  });
});

describe.skipIf(!existsSync(CHROMIUM))('the study page with the imaging model', () => {
  test('every positive finding stands open, three undecided ones too, and the rest unfold', async () => {
    await using stack = new AsyncDisposableStack();
    const service = await openTestService(undefined, undefined, { HAIDANG_MODELS_DIR: resolve('models') });
    stack.defer(() => service.close());
    let film: Uint8Array | undefined;
    for await (const { bytes, findings } of morning(1, { size: 256 }))
      if (findings?.includes('Pneumothorax') === true) film ??= bytes;
    const { studies } = await service.client.upload([{ name: 'film.dcm', bytes: Uint8Array.from(film ?? []) }]);
    await service.client.waitUntilRead(studies[0] ?? '');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    stack.defer(() => browser.close());
    const page = await browser.newPage({ locale: 'en-US' });
    await page.goto(`${service.address}/studies/${studies[0]}`);
    await page.waitForSelector('.finding');

    const count = (selector: string): Promise<number> => page.locator(selector).count();
    const folded = await count('details .finding.indeterminate');
    expect(folded).toBeGreaterThan(0);
    expect((await count('.finding.indeterminate')) - folded).toBeGreaterThanOrEqual(3);
    expect(await count('.finding.positive')).toBeGreaterThan(0);
    expect(await count('details .finding.positive')).toBe(0);
    await page.locator('summary', { hasText: `${folded} more undecided` }).click();
    expect(await page.locator('details[open] .finding.indeterminate').count()).toBe(folded);
  });
});
