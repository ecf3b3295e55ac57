// Every page in both languages, both themes, on a phone and on a workstation: no accessibility fault that axe calls serious, no error in
// the console, nothing wider than the screen. Pictures go to HAIDANG_TEST_PICTURES where it is set.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { graveFaults } from './accessibility.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const pictures = process.env['HAIDANG_TEST_PICTURES'];

describe('every page in Chromium', () => {
  let site: Site;
  let uid = '';
  beforeAll(async () => {
    site = await openSite();
    [uid = ''] = await site.send([
      { study: 'one', patient: 'AN', phase: 1 },
      { study: 'hand', patient: 'TAY', bodyPart: 'HAND' },
    ]);
  });
  afterAll(() => site?.close());

  const VIEWS = ['/', '/studies/UID', '/patients/AN', '/alerts', '/triage', '/admin', '/help'].flatMap((path) =>
    (['dark', 'light'] as const).map((theme, at) => ({
      path,
      theme,
      language: at === 0 ? 'vi' : 'en',
      width: at === 0 ? 1440 : 390,
    })),
  );

  test.each(VIEWS)('$path in $language, $theme, $width px', async ({ path, theme, language, width }) => {
    const page = await site.open('/help', {
      locale: language === 'vi' ? 'vi-VN' : 'en-GB',
      viewport: { width, height: width === 390 ? 844 : 900 },
      reducedMotion: 'reduce',
    });
    await page.evaluate((chosen) => Reflect.get(globalThis, 'localStorage').setItem('haidang-theme', chosen), theme);
    await page.goto(`${site.service.address}${path.replace('UID', uid)}`);
    await page.waitForSelector('main:not(.state), main.state h2, main.state [role=alert]');
    await page.waitForTimeout(1200);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await graveFaults(page)).toEqual([]);
    const overflow = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    if (pictures !== undefined) {
      const name = `${path.split('/')[1] || 'worklist'}-${language}-${theme}-${width}.png`;
      await page.screenshot({ path: `${pictures}/${name}`, fullPage: width === 390 });
    }
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
