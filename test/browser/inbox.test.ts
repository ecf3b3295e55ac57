// The inbox, the patient and administration in a real browser: an alert is answered in two clicks, several by a person's choice, and a
// section that cannot be had takes no other away.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasChromium, openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ROW = 'li[data-alert-id]';

describe.skipIf(!hasChromium)('inbox, patient and administration in Chromium', () => {
  let site: Site;
  let uids: string[];
  beforeAll(async () => {
    site = await openSite();
    uids = await site.send([1, 2, 3, 4].map((phase) => ({ study: `i${phase}`, patient: `IN${phase}`, phase })));
  });
  afterAll(() => site?.close());

  const statuses = async (): Promise<string[]> =>
    (await site.service.client.v1.listAlerts({})).data.map(({ status }) => status);

  test('an alert is answered in two clicks', async () => {
    const page = await site.open('/');
    await page.locator('nav a', { hasText: 'Alerts' }).click();
    await page.locator(`${ROW} button.main`).first().click();
    await expect.poll(statuses).toContain('acknowledged');
    await page.context().close();
  });

  test('several are answered together, each chosen by hand', async () => {
    const page = await site.open('/alerts');
    const boxes = page.locator(`${ROW} input[type=checkbox]`);
    await boxes.first().waitFor();
    const unanswered = (await statuses()).filter((status) => status === 'new' || status === 'seen').length;
    expect(unanswered).toBeGreaterThan(1);
    for (let at = 0; at < unanswered; at += 1) await boxes.nth(at).check();
    await page.locator('button.main', { hasText: `Acknowledge the ${unanswered} chosen` }).click();
    await expect.poll(statuses).not.toContain('new');
    await page.context().close();
  });

  test('Enter on an alert opens its study, and the patient’s page shows films and alerts', async () => {
    const page = await site.open('/alerts');
    const row = page.locator(ROW).first();
    await row.waitFor();
    await row.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-study-uid]');
    expect(uids).toContain(await page.locator('main').getAttribute('data-study-uid'));
    await page.locator('.study-bar h1 a').click();
    await page.waitForSelector('main[data-patient] .film-card');
    expect(await page.locator('main[data-patient] .alert-card').count()).toBeGreaterThan(0);
    expect(await page.locator('main[data-patient]').innerText()).toContain('No risk was assessed yet');
    await page.context().close();
  });

  test('a section of administration that fails says so, and the others stand', async () => {
    const page = await site.open('/help');
    await page.route('**/v1/outbox**', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${site.service.address}/admin`);
    await page.locator('section', { hasText: 'Deliveries' }).locator('[role=alert]').waitFor();
    expect(await page.locator('main [role=alert]').count()).toBe(1);
    await expect.poll(() => page.locator('main').innerText()).toContain('the chain is whole');
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });
});
