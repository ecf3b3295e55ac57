// Administration in a real browser: figures in words, an honest "too few", accounts and keys with their secrets shown once, and the audit found.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { nextKeyName } from '#web/pages/admin/key-name.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

test('the key that takes another’s place has the next free name', () => {
  expect(nextKeyName('pacs', ['pacs'])).toBe('pacs-2');
  expect(nextKeyName('pacs-2', ['pacs', 'pacs-2', 'pacs-3'])).toBe('pacs-4');
  expect(nextKeyName('k'.repeat(63), [])).toBe(`${'k'.repeat(61)}-2`);
});

describe('administration in Chromium', () => {
  let site: Site;
  let uids: string[];
  beforeAll(async () => {
    site = await openSite();
    uids = await site.send([1, 2].map((phase) => ({ study: `a${phase}`, patient: `AD${phase}`, phase })));
    for (const uid of uids) await site.service.client.v1.markOpened(uid);
  });
  afterAll(() => site?.close());

  const secretOf = async (page: Awaited<ReturnType<Site['open']>>): Promise<string> => {
    const text = await page.locator('[data-secret]').innerText();
    await page.locator('[role=dialog] button', { hasText: 'Close' }).click();
    return text.trim();
  };

  test('drift says "too few" with its n, turnaround counts what is under way, rules have names', async () => {
    const page = await site.open('/admin');
    const device = page.locator('#drift tr[data-device]');
    await device.first().waitFor();
    expect(await device.first().getAttribute('data-too-few')).toBe('true');
    expect(await device.first().innerText()).toMatch(/0 → 2\s*too few/);
    const legs = page.locator('#turnaround [data-leg="opened-closed"]');
    await legs.first().waitFor();
    expect((await legs.allInnerTexts()).join(' ')).toMatch(/0 of \d/);
    const { data } = await site.service.client.v1.getAlertFigures({});
    const row = page.locator('#figures tbody tr', { hasText: data[0]?.rule ?? 'none' }).first();
    expect(await row.locator('td').first().innerText()).toContain(data[0]?.title.en);
    await page.context().close();
  });

  test('an account is added, its first password shown once, and disabled only after a question', async () => {
    const { v1 } = site.service.client;
    const page = await site.open('/admin');
    const form = page.locator('#people form');
    await form.locator('input[name=name]').fill('bs.minh');
    await form.locator('select[name=role]').selectOption('physician');
    await form.locator('button[type=submit]').click();
    const password = await secretOf(page);
    const logged = await fetch(`${site.service.address}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'bs.minh', password }),
    });
    // Right, and to be changed first.
    expect(await logged.json()).toMatchObject({ code: 'login.must-change' });
    const row = page.locator('[data-login="bs.minh"]');
    await row.locator('button', { hasText: 'Disable' }).click();
    await page.locator('[role=alertdialog] button.main').click();
    expect((await v1.listAccounts()).data.find(({ login }) => login === 'bs.minh')?.disabled).toBe(false);
    await row.locator('button', { hasText: 'Disable' }).click();
    await page.locator('[data-confirm]').click();
    await expect.poll(async () => (await v1.listAccounts()).data[0]?.disabled).toBe(true);
    await expect.poll(() => row.innerText()).toContain('disabled');
    await page.context().close();
  });

  test('a key is replaced by a second one, and the old one revoked', async () => {
    const { v1 } = site.service.client;
    const page = await site.open('/admin');
    const form = page.locator('#keys form');
    await form.locator('input[name=name]').fill('pacs');
    await form.locator('select[name=role]').selectOption('his');
    await form.locator('button[type=submit]').click();
    expect(await secretOf(page)).toMatch(/^hdk_[a-z0-9]{12}_/);
    await page.locator('[data-key="pacs"] button', { hasText: 'Replace' }).click();
    expect(await secretOf(page)).toMatch(/^hdk_/);
    await page.locator('[data-key="pacs-2"]').waitFor();
    await page.locator('[data-key="pacs"] button', { hasText: 'Revoke' }).click();
    await page.locator('[data-confirm]').click();
    await expect
      .poll(async () => (await v1.listKeys()).data.map(({ name, revoked }) => `${name} ${revoked}`).sort())
      .toEqual(['pacs true', 'pacs-2 false']);
    await page.context().close();
  });

  test('the audit is found by person and by what happened, page by page, and as a table', async () => {
    const { v1 } = site.service.client;
    const page = await site.open('/admin');
    const search = page.locator('#audit-search');
    await search.locator('input[name=patient]').fill('AD1');
    await search.locator('select[name=action]').selectOption('study.opened');
    await search.locator('button[type=submit]').click();
    await page.locator('[data-audit-total="1"]').waitFor();
    expect(await page.locator('#audit tr[data-sequence]').innerText()).toContain('Study opened');
    const link = (await page.locator('#audit a[download]').getAttribute('href')) ?? '';
    expect(await (await fetch(`${site.service.address}${link}`)).text()).toContain(uids[0]);
    await search.locator('input[name=patient]').fill('');
    await search.locator('select[name=action]').selectOption('');
    for (let phase = 3; phase < 60; phase += 1) await v1.markOpened(uids[0] ?? '');
    await v1.markOpened(uids[1] ?? '');
    await search.locator('button[type=submit]').click();
    await expect.poll(() => page.locator('#audit tr[data-sequence]').count()).toBe(50);
    await page.locator('#audit button', { hasText: 'Show more' }).click();
    const { data } = await v1.searchAudit({});
    await expect.poll(() => page.locator('#audit tr[data-sequence]').count()).toBe(Math.min(100, data.total));
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults).filter((fault) => !/status of 40[13]/.test(fault))).toEqual([]);
  });
});
