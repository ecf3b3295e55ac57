// The guided tour in a real browser: every step stands on its page with its part lit, in both languages, by keys alone, and it opens no
// study of a patient.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

describe('the guided tour in Chromium', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  type Page = Awaited<ReturnType<Site['open']>>;
  const stepOf = (page: Page) => page.locator('[data-tour-step]').getAttribute('data-tour-step');

  async function walk(page: Page): Promise<string[]> {
    const said: string[] = [];
    const last = Number(/(\d+)\D*$/.exec(await page.locator('.tour .actions .quiet').innerText())?.[1]);
    for (let step = 1; step <= last; step += 1) {
      await page.locator(`[data-tour-step="${step}"]`).waitFor();
      await page.locator('.tour-light').waitFor();
      said.push(await page.locator('.tour p').innerText());
      await page.keyboard.press('ArrowRight');
    }
    await expect.poll(() => page.locator('.tour').count()).toBe(0);
    return said;
  }

  test('without a synthetic film it opens no study, and says how to get one', async () => {
    const page = await site.open('/help?tour');
    const said = await walk(page);
    expect(said.some((text) => text.includes('npm run demo'))).toBe(true);
    await page.context().close();
  });

  test.each([
    ['vi-VN', 1440],
    ['en-GB', 390],
  ])('by arrow keys through list, study, inbox and help (%s, %i px)', async (locale, width) => {
    const [uid] = await site.send([{ study: `tour${width}`, patient: `TOUR${width}`, phase: 1 }]);
    const page = await site.open('/help', { locale, viewport: { width, height: 844 } });
    await page.locator('#start-tour').click();
    const said = await walk(page);
    expect(new Set(said).size).toBe(10);
    expect(new URL(page.url()).pathname).toBe('/help');
    expect((await site.service.client.v1.getStudy(uid ?? '')).data.studyUid).toBe(uid);
    await page.context().close();
  });

  test('it leads back, ends by Escape on a study without leaving it, and the page’s own keys go on', async () => {
    const page = await site.open('/help?tour');
    for (let step = 0; step < 4; step += 1) {
      await page.locator(`[data-tour-step="${step + 1}"]`).waitFor();
      await page.keyboard.press('ArrowRight');
    }
    await page.locator('[data-tour-step="5"]').waitFor();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => stepOf(page)).toBe('4');
    await page.waitForSelector('main[data-study-uid]');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.tour').count()).toBe(0);
    expect(page.url()).toContain('/studies/');
    await page.keyboard.press('Escape');
    await page.waitForSelector('tr[data-study-uid]');
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
