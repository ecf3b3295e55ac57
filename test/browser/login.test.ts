// The login in a browser: the one-time link ends on the worklist, a person with a local account changes the first password, works and logs out.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

describe('in a browser', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(undefined, undefined, { HAIDANG_ACCESS: 'login' });
  });
  afterAll(() => site.close());

  test('the one-time link leads to the worklist, and its code is gone from the address', async () => {
    const page = await site.open(
      new URL(site.service.loginLink ?? '').pathname + new URL(site.service.loginLink ?? '').hash,
    );
    await page.waitForSelector('[data-total]');
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/');
    expect(await page.textContent('#actor')).toBe('owner');
    await page.click('#log-out');
    await page.waitForSelector('input[name=login]');
    await page.goto(`${site.service.address}/alerts`);
    await page.waitForSelector('input[name=login]');
    expect(page.url()).toContain('/login?next=%2Falerts');
  });

  test('a first password is changed; the role’s pages open, another says what is missing', async () => {
    // Not synchronously: the service that the command asks runs in this process.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['src/cli/main.ts', 'users', 'add', 'an', '--role', 'nurse'],
      {
        env: { ...process.env, HAIDANG_DATA_DIR: site.service.dataDir },
      },
    );
    const first = stdout.trim();
    const page = await site.open('/alerts');
    await page.fill('input[name=login]', 'an');
    await page.fill('input[name=password]', 'wrong');
    await page.click('main button[type=submit]');
    expect(await page.textContent('[role=alert]')).toContain('wrong');
    await page.fill('input[name=password]', first);
    await page.click('main button[type=submit]');
    await page.fill('input[name=next]', 'twelve letters and more');
    await page.click('main button[type=submit]');
    await page.waitForURL('**/alerts');
    expect(await page.locator('header nav a').allTextContents()).toEqual(['Worklist', 'Alerts', 'Help']);
    const answer = await page.goto(`${site.service.address}/admin`);
    expect(answer?.status()).toBe(403);
    expect(await page.textContent('[role=alert]')).toContain('admin:read');
    expect(withoutMade(site.faults).filter((fault) => !/status of 40[13]/.test(fault))).toEqual([]);
  });
});
