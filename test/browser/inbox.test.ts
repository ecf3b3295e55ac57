// The inbox, the patient and administration in a real browser: an alert is answered in two clicks, several by a person's choice, and a
// section that cannot be had takes no other away.
import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { modelsFolder } from '../flows/service.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ROW = 'li[data-alert-id]';

describe('inbox, patient and administration in Chromium', () => {
  let site: Site;
  let uids: string[];
  const models = modelsFolder();
  beforeAll(async () => {
    for (const name of ['risk-news2', 'risk-who_cvd_2019_nonlab_sea'])
      cpSync(`models/${name}`, `${models}/${name}`, { recursive: true });
    site = await openSite(undefined, undefined, {
      HAIDANG_MODELS_DIR: models,
      HAIDANG_SANDBOX: 'on',
    });
    uids = await site.send([1, 2, 3, 4].map((phase) => ({ study: `i${phase}`, patient: `IN${phase}`, phase })));
  });
  afterAll(async () => {
    await site?.close();
    rmSync(models, { recursive: true, force: true });
  });

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

  test('an unanswered alert says who is told next; how fast alerts were answered stands below, also on a phone', async () => {
    const [fifth = ''] = await site.send([{ study: 'i5', patient: 'IN5', phase: 1.2 }]);
    uids.push(fifth);
    const { data: escalations } = await site.service.client.v1.listEscalations();
    const [open] = (await site.service.client.v1.listAlerts({ studyUid: fifth })).data;
    const due = escalations.find(({ alertId }) => alertId === open?.id)?.next;
    const page = await site.open('/alerts', { viewport: { width: 390, height: 844 } });
    const row = page.locator(`[data-alert-id="${open?.id}"]`);
    await row.locator('.escalation').waitFor();
    expect(await row.locator('[data-next]').count()).toBe(due ? 1 : 0);
    const words = due ? /told next at .*: .*(on call|department|radiology)/ : /No one else is told/;
    expect(await row.locator('.escalation').innerText()).toMatch(words);
    await page.locator('details.response summary').click();
    const all = page.locator('table.figures tr[data-group=all]');
    await all.waitFor();
    const { data } = await site.service.client.v1.getAlertResponse({ days: '30' });
    expect(await all.locator('td').nth(1).innerText()).toBe(String(data.figures[0]?.told));
    expect(await all.locator('td').nth(2).innerText()).toBe(String(data.figures[0]?.answered));
    expect(await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  test('Enter on an alert opens its study, and the patient’s page shows films and alerts', async () => {
    const page = await site.open('/alerts');
    const row = page.locator(ROW).first();
    await row.waitFor();
    await row.focus();
    const id = await row.getAttribute('data-alert-id');
    const word = await row.locator('.severity').innerText();
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-study-uid]');
    // One word per severity, wherever the alert stands.
    expect(await page.locator(`[data-alert="${id}"] .severity`).innerText()).toBe(word);
    expect(uids).toContain(await page.locator('main').getAttribute('data-study-uid'));
    await page.locator('.study-bar h1 a').click();
    await page.waitForSelector('main[data-patient] .film-card');
    expect(await page.locator('main[data-patient] .alert-card').count()).toBeGreaterThan(0);
    expect(await page.locator('main[data-patient]').innerText()).toContain('No risk was assessed yet');
    const code = (await page.locator('main').getAttribute('data-patient')) ?? '';
    const [fhir, csv] = await Promise.all(
      ['FHIR', 'CSV'].map(async (name) => {
        const link = await page.locator('a[download]', { hasText: name }).getAttribute('href');
        return (await fetch(`${site.service.address}${link}`)).text();
      }),
    );
    expect(JSON.parse(fhir ?? '').entry.map(({ resource }: { resource: { id: string } }) => resource.id)).toContain(id);
    expect(csv).toContain(code);
    await page.context().close();
  });

  const WHO = 'who_cvd_2019_nonlab_sea';
  const person = { code: 'IN2', sex: 'male', birthDate: '1961-04-05' } as const;
  const values = (pressure: number) => [
    { code: '8480-6', value: pressure, unit: 'mm[Hg]' },
    { code: '39156-5', value: 26, unit: 'kg/m2' },
    { code: 'smoker', value: true },
  ];

  test('a risk is explained on a phone by one tap, and what could change it is computed by the service', async () => {
    const { v1 } = site.service.client;
    const kept = { patient: person, explain: true, keep: true, equations: [WHO] };
    await v1.assessRisk({ ...kept, measurements: values(150), asOf: '2025-06-01T08:00:00+07:00' });
    const { data } = await v1.assessRisk({ ...kept, measurements: values(162), asOf: '2026-06-01T08:00:00+07:00' });
    const [result] = data.results;
    const page = await site.open('/patients/IN2', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const card = page.locator(`[data-equation=${WHO}]`);
    await card.locator('summary').tap();
    const told = result?.outputs.find(({ name }) => name === result.headline);
    expect(await card.locator('.risk-value').innerText()).toContain(told?.text.en ?? 'none');
    // From the reference person by every reason that counts to this person.
    const reasons = result?.explanation?.contributions.filter(({ contribution }) => contribution !== 0) ?? [];
    await expect.poll(() => card.locator('[data-step]').count()).toBe(reasons.length + 2);
    expect(await card.locator('.waterfall li').last().innerText()).toContain(told?.text.en ?? 'none');
    const lower = await v1.assessRisk({
      equations: [WHO],
      inputs: Object.fromEntries(
        result?.inputs.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])) ?? [],
      ),
      whatIf: [{ smoker: false }],
    });
    await card.locator('.knob input[type=checkbox]').tap();
    await expect
      .poll(() => card.locator('.what-if-answer').innerText())
      .toBe(lower.data.results[0]?.whatIf.at(-1)?.text.en);
    await page.context().close();
  });

  test('vital signs stand in an observation chart with their NEWS2 points, and the patient prints on one page', async () => {
    const { v1 } = site.service.client;
    const news = (rate: number, asOf: string) =>
      v1.assessRisk({
        patient: person,
        explain: true,
        keep: true,
        equations: ['news2'],
        asOf,
        measurements: [
          { code: '9279-1', value: rate, unit: '/min' },
          { code: '59408-5', value: 97, unit: '%' },
          { code: 'spo2_scale2', value: false },
          { code: 'on_oxygen', value: false },
          { code: '8480-6', value: 125, unit: 'mm[Hg]' },
          { code: '8867-4', value: 80, unit: '/min' },
          { code: 'consciousness', value: 'A' },
          { code: '8310-5', value: 37, unit: 'Cel' },
        ],
      });
    await news(16, '2026-06-01T02:00:00+07:00');
    await news(26, '2026-06-01T08:00:00+07:00');
    const page = await site.open('/patients/IN2');
    const chart = page.locator('[data-observations="2"]');
    await chart.waitFor();
    // A respiratory rate of 25 or more is 3 points (RCP 2017); all others give none.
    expect(await chart.locator('td.points-3').allInnerTexts()).toEqual(['26 (3)']);
    expect(await chart.locator('.total td').last().innerText()).toContain('3 points');
    const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g);
    expect(pages?.length).toBe(1);
    await page.context().close();
  });

  test('in the sandbox an edited chart is asked at the real door, and the card is what the door answered', async () => {
    const page = await site.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('nav a', { hasText: 'Sandbox' }).click();
    await page.locator('select[name=door]').selectOption('assess');
    await page.locator('input[name=systolic]').fill('178');
    const answered = page.waitForResponse((response) => response.url().includes('/fhir/$assess'));
    await page.locator('#ask').click();
    const text = await (await answered).text();
    await page.locator('[data-asked=assess][data-status="200"]').waitFor();
    const card = await page.locator('[data-card]', { hasText: 'non-laboratory' }).innerText();
    const risk = /\d+[.,]\d %/.exec(card)?.[0] ?? 'none';
    expect(text).toContain(risk);
    expect(card).toContain('178 mmHg');
    await page.locator('button', { hasText: 'curl' }).click();
    await page.locator('.notice', { hasText: 'Copied' }).waitFor();
    const curl: string = await page.evaluate('navigator.clipboard.readText()');
    expect(curl).toContain(`curl -X POST '${site.service.address}/fhir/$assess'`);
    expect(curl).toContain('178');
    await page.context().close();
  });

  test('the effect of the order is simulated and measured, and readers who cannot keep up are told so', async () => {
    const { v1 } = site.service.client;
    for (const uid of uids) await v1.markOpened(uid);
    const page = await site.open('/triage');
    await page.locator('[data-group=grave]').waitFor();
    const { data } = await v1.simulateTriage({
      arrivalsPerHour: 12,
      prevalence: 0.05,
      sensitivity: 0.9,
      specificity: 0.85,
      readers: 2,
      minutesPerFilm: 8,
    });
    const [grave] = data.groups;
    expect(await page.locator('[data-group=grave]').innerText()).toContain(grave?.urgency.value.toFixed(1) ?? 'none');
    await expect.poll(() => page.locator('[data-total]').getAttribute('data-total')).toBe(String(uids.length));
    await page.locator('input[name=readers]').fill('1');
    await page.locator('form button').click();
    await page.locator('[role=alert]').waitFor();
    expect(await page.locator('[role=alert]').innerText()).toContain('cannot keep up');
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
