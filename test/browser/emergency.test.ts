// Emergency access in a browser: a clinician of one facility opens a person's records of another, in either language, and gives a reason.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { openTokens } from '#access/tokens.ts';
import { createClient } from '#client/client.ts';
import { systemClock } from '#kernel/clock.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

describe('in a browser', () => {
  let site: Site;
  let uid = '';
  let patientCode = '';
  beforeAll(async () => {
    site = await openSite(undefined, undefined, { HAIDANG_ACCESS: 'login' });
    const tokens = await openTokens(await tokenKeyInFolder(site.service.dataDir), systemClock);
    const token = await tokens.issue({ actor: 'bs.b', roles: ['radiologist'], facilityId: 'bv-b', seconds: 600 });
    const there = createClient({ baseUrl: site.service.address, token });
    [uid = ''] = (await there.upload([{ name: 'film.dcm', bytes: Uint8Array.from(await filmDicom({})) }])).studies;
    await there.waitUntilRead(uid);
    const { data } = await there.v1.getWorklistRows({ state: 'all', limit: '1' });
    await there.v1.openEmergencyAccess({
      facility: 'local',
      patientCode: 'BN-LOCAL',
      reason: 'Hội chẩn từ xa khẩn cấp',
    });
    patientCode = data.items[0]?.patient.id ?? '';
  });
  afterAll(() => site.close());

  test('the reason is asked for, the films are shown, and the administrator’s page has a place for it', async () => {
    const link = new URL(site.service.loginLink ?? '');
    const page = await site.open(link.pathname + link.hash, { locale: 'vi-VN' });
    await page.waitForSelector('[data-total]');
    await page.goto(`${site.service.address}/emergency?patient=${encodeURIComponent(patientCode)}`);
    expect(await page.textContent('h1')).toBe('Mở khẩn cấp');
    expect(await page.inputValue('input[name=patient]')).toBe(patientCode);
    await page.fill('input[name=facility]', 'bv-khong-co');
    await page.fill('input[name=reason]', 'Bất tỉnh, chuyển viện cấp cứu');
    await page.click('main button[type=submit]');
    expect(await page.textContent('main [role=alert]')).toContain('cơ sở');
    await page.fill('input[name=facility]', 'bv-b');
    await page.click('main button[type=submit]');
    await page.waitForSelector(`[data-emergency="bv-b"] [data-emergency-study="${uid}"]`);
    await page.goto(`${site.service.address}/admin`);
    const row = await page.waitForSelector('#emergency [data-emergency]');
    expect(await row.textContent()).toContain('bs.b (bv-b)BN-LOCALHội chẩn từ xa khẩn cấp');
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
