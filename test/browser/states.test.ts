// Every state that a page can be in (empty, in error, coming, not assessed, failed, refused, with a sheet open, not logged in, in the wrong
// role), in both themes: nothing that axe calls serious or critical, nothing wider than a phone in either language, and what a person must see
// has role="alert".
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { graveFaults } from './accessibility.ts';
import { sidewaysFaults } from './sideways.ts';
import { openSite, type Site } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

async function inBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['dark', 'light']) {
    await page.locator('html').evaluate((html, chosen) => html.setAttribute('data-theme', chosen), theme);
    found.push(...(await graveFaults(page)).map((fault) => `${theme}: ${fault}`));
  }
  return found;
}

/** Words of the other language are longer or shorter. */
async function sidewaysInBothLanguages(page: Page): Promise<string[]> {
  const faults = await sidewaysFaults(page);
  await page.locator('#language').dispatchEvent('click');
  await page.locator('html[lang=vi]').waitFor();
  return [...faults, ...(await sidewaysFaults(page)).map((fault) => `vi: ${fault}`)];
}

interface State {
  readonly name: string;
  readonly path: string;
  /** Answers of the service that this state is made of. */
  readonly made?: (page: Page) => Promise<unknown>;
  /** What a person does to come there. */
  readonly done?: (page: Page) => Promise<unknown>;
  /** What shows that the page is in this state. */
  readonly shows: string;
}

/** As long as DICOM allows, and no blank where a line could end. */
const LONG = 'W'.repeat(60);

describe('states of the pages', () => {
  let site: Site;
  let uid = '';
  let hand = '';
  let long = '';
  beforeAll(async () => {
    site = await openSite(undefined, undefined, { HAIDANG_SANDBOX: 'on' });
    [uid = '', hand = '', long = ''] = await site.send([
      { study: 'one', patient: 'AN', phase: 1 },
      { study: 'hand', patient: 'TAY', bodyPart: 'HAND' },
      { study: 'long', patient: LONG, name: `${LONG}^${LONG}`, phase: 1.1 },
    ]);
    await site.service.client.upload([{ name: 'x.dcm', bytes: new TextEncoder().encode('no film') }]).catch(() => null);
  });
  afterAll(() => site?.close());

  const fail = (address: string | RegExp) => (page: Page) =>
    page.route(address, (route) => route.fulfill({ status: 500, body: '{}' }));
  const never = (address: string) => (page: Page) => page.route(address, () => undefined);
  const json = (address: string, answer: (was: Record<string, unknown>) => unknown) => (page: Page) =>
    page.route(address, async (route) => {
      const reply = await route.fetch();
      return route.fulfill({ json: answer(await reply.json()) });
    });
  const click = (selector: string) => (page: Page) => page.locator(selector).first().click();

  const STATES: readonly State[] = [
    {
      name: 'an empty worklist',
      path: '/',
      made: json('**/v1/worklist/rows**', (was) => ({ ...was, items: [], total: 0 })),
      shows: 'main.list .state h2',
    },
    {
      name: 'a worklist that cannot be had',
      path: '/',
      made: fail('**/v1/worklist/rows**'),
      shows: '.fault[role=alert]',
    },
    { name: 'a worklist that is coming', path: '/', made: never('**/v1/worklist/rows**'), shows: 'main.list p.state' },
    { name: 'refused files', path: '/', done: click('[data-refused] summary'), shows: '[data-refused] li' },
    { name: 'the sheet of keys', path: '/', done: (page) => page.keyboard.press('?'), shows: '[role=dialog] dl.keys' },
    { name: 'a study', path: '/studies/UID', shows: '.viewer[data-film=full]' },
    { name: 'a list with an endless name', path: '/', shows: `tr[data-study-uid]:has-text("${LONG}")` },
    { name: 'a study with an endless name', path: '/studies/LONG', shows: '.viewer[data-film=full]' },
    { name: 'a person with an endless name', path: `/patients/${LONG}`, shows: 'main[data-patient] .film-card' },
    { name: 'an inbox with an endless code', path: '/alerts', shows: `li:has-text("${LONG}")` },
    { name: 'a study that is coming', path: '/studies/UID', made: never('**/v1/studies/**'), shows: 'main' },
    { name: 'a study that is not there', path: '/studies/1.2.3', shows: 'main [role=alert]' },
    { name: 'a study that is not assessed', path: '/studies/HAND', shows: 'main[data-study-uid] .unread' },
    {
      name: 'a study whose reading failed',
      path: '/studies/UID',
      made: json('**/v1/studies/*', (was) => ({
        ...was,
        reading: null,
        progress: { state: 'failed', attempt: 3 },
        outcome: 'failed',
        reasons: [{ code: 'preread.technical', text: { vi: 'Lỗi kỹ thuật', en: 'A technical fault' } }],
      })),
      shows: 'section.verdict, main [role=alert], main .unread',
    },
    {
      name: 'a film that cannot be had',
      path: '/studies/UID',
      made: fail('**/v1/images/**'),
      shows: '[data-film=failed] [role=alert]',
    },
    {
      name: 'a half-written override',
      path: '/studies/UID',
      done: click('.alert-card button:nth-of-type(2)'),
      shows: '.alert-card form',
    },
    {
      name: 'the question before a study is closed',
      path: '/studies/UID',
      made: (page) =>
        page.route('**/v1/alerts?**', async (route) => {
          const alerts: object[] = await (await route.fetch()).json();
          return route.fulfill({ json: alerts.map((alert) => ({ ...alert, severity: 'critical', status: 'seen' })) });
        }),
      done: click('#close'),
      shows: '[role=alertdialog]',
    },
    {
      name: 'a first reading of one’s own',
      path: '/studies/UID',
      made: (page) =>
        page.route('**/v1/page-settings', (route) => route.fulfill({ json: { firstRead: true, sandbox: true } })),
      shows: '[data-first-read]',
    },
    { name: 'an inbox', path: '/alerts', done: click('details.response summary'), shows: 'table.figures' },
    {
      name: 'an empty inbox',
      path: '/alerts',
      made: (page) => page.route('**/v1/alerts/inbox**', (route) => route.fulfill({ json: { total: 0, items: [] } })),
      shows: 'main .state h2',
    },
    {
      name: 'an inbox that cannot be had',
      path: '/alerts',
      made: fail('**/v1/alerts/inbox**'),
      shows: 'main [role=alert]',
    },
    { name: 'a patient without anything', path: '/patients/NOBODY', shows: 'main[data-patient]' },
    { name: 'a patient', path: '/patients/AN', shows: 'main[data-patient] .film-card' },
    { name: 'administration', path: '/admin', shows: '#drift tbody' },
    {
      name: 'administration without its service',
      path: '/admin',
      made: fail(/\/v1\/(?!session|page-settings)/),
      shows: '#models [role=alert]',
    },
    {
      name: 'an audit search with results',
      path: '/admin',
      done: click('#audit-search button'),
      shows: '#audit tr[data-sequence]',
    },
    { name: 'a step of the tour', path: '/help?tour', shows: '.tour-light' },
    { name: 'help', path: '/help', shows: 'main.help, main.page' },
    { name: 'the effect of the order', path: '/triage', shows: '[data-group=grave]' },
    { name: 'emergency access', path: '/emergency', shows: 'input[name=reason]' },
    { name: 'the sandbox', path: '/sandbox', shows: 'select[name=door]' },
  ];

  test.each(STATES)('$name', async ({ path, made, done, shows }) => {
    const page = await site.open('/help');
    await made?.(page);
    await page.goto(`${site.service.address}${path.replace('UID', uid).replace('HAND', hand).replace('LONG', long)}`);
    await page.waitForSelector('main:not(.state), main.state [role=alert], main.state');
    if (done !== undefined) {
      await page.waitForSelector('main:not(.state)');
      await done(page);
    }
    await page.locator(shows).first().waitFor();
    expect(await inBothThemes(page)).toEqual([]);
    expect(await sidewaysInBothLanguages(page)).toEqual([]);
    await page.context().close();
  });
});

describe('states before and without a login', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(undefined, undefined, { HAIDANG_ACCESS: 'login' });
  });
  afterAll(() => site?.close());

  test('the login, and a wrong password', async () => {
    const page = await site.open('/login');
    await page.waitForSelector('input[name=login]');
    expect(await inBothThemes(page)).toEqual([]);
    await page.fill('input[name=login]', 'nobody');
    await page.fill('input[name=password]', 'wrong');
    await page.click('main button[type=submit]');
    await page.locator('main [role=alert]').waitFor();
    expect(await inBothThemes(page)).toEqual([]);
    await page.context().close();
  });

  test('a page of another role names the right that is missing', async () => {
    const link = new URL(site.service.loginLink ?? '');
    const page = await site.open(link.pathname + link.hash);
    await page.waitForSelector('main.list');
    await page.route('**/v1/session', async (route) => {
      const session: object = await (await route.fetch()).json();
      return route.fulfill({ json: { ...session, roles: ['nurse'], scopes: ['signed-in', 'alerts:read'] } });
    });
    await page.goto(`${site.service.address}/admin`);
    await page.locator('main [role=alert]').waitFor();
    expect(await page.locator('main [role=alert]').innerText()).toContain('admin:read');
    expect(await inBothThemes(page)).toEqual([]);
    await page.context().close();
  });
});
