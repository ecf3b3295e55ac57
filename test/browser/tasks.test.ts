// Ten tasks per role, as docs/training/tasks lists them in both languages: each is walked as its reader does it, and its outcome is asked of the
// service.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeGrayPng } from '#image/picture.ts';
import { filmDicom, filmPicture } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { modelsFolder } from '../flows/service.ts';
import { openSite, type Site, withoutMade } from './site.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

type Page = Awaited<ReturnType<Site['open']>>;

const TASKS = [...'RPIS'].flatMap((role) => Array.from({ length: 10 }, (_, place) => `${role}${place + 1}`));

test.each(['en', 'vi'])('the list of tasks names the same forty (%s)', (language) => {
  const text = readFileSync(`docs/training/tasks.${language}.md`, 'utf8');
  expect([...text.matchAll(/^\| ([RPIS]\d+) \|/gm)].map(([, id]) => id)).toEqual(TASKS);
});

const SOON = { timeout: 30_000 };
const person = { code: 'TB1', sex: 'male', birthDate: '1961-04-05' } as const;
const SIGNS = [
  { code: '9279-1', value: 26, unit: '/min' },
  { code: '59408-5', value: 97, unit: '%' },
  { code: 'spo2_scale2', value: false },
  { code: 'on_oxygen', value: false },
  { code: '8867-4', value: 80, unit: '/min' },
  { code: 'consciousness', value: 'A' },
  { code: '8310-5', value: 37, unit: 'Cel' },
];
const WHO = 'who_cvd_2019_nonlab_sea';

describe('ten tasks per role in Chromium', () => {
  let site: Site;
  let uids: string[];
  /** A receiver that refuses for good, and then takes what is sent again. */
  let receiverStatus = 410;
  const receiver = createServer((_request, response) => response.writeHead(receiverStatus).end());
  // One of its findings is negative, for a reader to add.
  const models = modelsFolder(({ calibration }) => ({
    calibration: {
      ...calibration,
      heads: calibration.heads.map((head) =>
        head.code === 'Effusion' ? { ...head, positiveFrom: 0.95, negativeTo: 0.9 } : head,
      ),
    },
  }));
  beforeAll(async () => {
    for (const name of ['risk-news2', `risk-${WHO}`])
      cpSync(`models/${name}`, `${models}/${name}`, { recursive: true });
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    const address = receiver.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
    const webhook = { id: 'ward', url: `http://127.0.0.1:${port}/`, secrets, from: 'info', topics: ['alert.raised'] };
    site = await openSite(undefined, { webhooks: [webhook] }, { HAIDANG_MODELS_DIR: models });
    uids = await site.send([
      // The newer one comes first: a second alert of the same kind for one patient would be kept silent.
      { study: 'new', patient: 'TA', phase: 1 },
      { study: 'old', patient: 'TA', phase: 1.3, date: '20250210' },
      ...[1, 2, 3, 4].map((phase) => ({ study: `tb${phase}`, patient: `TB${phase}`, phase })),
    ]);
    const { v1 } = site.service.client;
    await v1.assessRisk({
      patient: person,
      explain: true,
      keep: true,
      measurements: [
        ...SIGNS,
        { code: '8480-6', value: 162, unit: 'mm[Hg]' },
        { code: '39156-5', value: 26, unit: 'kg/m2' },
        { code: 'smoker', value: true },
      ],
    });
    await site.service.client.upload([{ name: 'x.dcm', bytes: new TextEncoder().encode('no film') }]).catch(() => null);
  });
  afterAll(async () => {
    await site?.close();
    receiver.close();
    rmSync(models, { recursive: true, force: true });
  });

  const api = () => site.service.client.v1;

  test('radiologist: R1 to R10', async () => {
    const uid = uids[0] ?? '';
    const page = await site.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.waitForSelector('tr[data-study-uid]');
    const first = (await page.locator('tr[data-study-uid]').first().getAttribute('data-study-uid')) ?? '';
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`main[data-study-uid="${first}"]`);
    await expect.poll(async () => (await api().getStudy(first)).data.openedAt, { message: 'R1' }).not.toBeNull();

    await page.goto(`${site.service.address}/studies/${uid}`);
    await page.locator('.viewer[data-film=full]').waitFor(SOON);
    expect(await page.locator('.viewer .corner.right').innerText(), 'R2').toContain('Original');

    await page.keyboard.press('1');
    await page.locator('[data-map=shown]').waitFor(SOON);
    expect(await page.locator('.legend').count(), 'R3').toBe(1);

    await page.keyboard.press('d');
    const box = await page.locator('.viewer').first().boundingBox();
    const [x, y] = [(box?.x ?? 0) + 250, (box?.y ?? 0) + 250];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 90, y, { steps: 3 });
    await page.mouse.up();
    await expect
      .poll(() => page.locator('[data-measure]').allInnerTexts(), { message: 'R4' })
      .toEqual([expect.stringMatching(/mm/)]);

    const opinions = async () =>
      (await api().getOpinions(uid)).data.map(({ findingCode, present }) => [findingCode, present]);
    const finding = page.locator('[data-finding][data-decision=positive]').first();
    const code = await finding.getAttribute('data-finding');
    await finding.focus();
    await page.keyboard.press('x');
    await expect.poll(opinions, { message: 'R5' }).toEqual([[code, false]]);
    await page.locator('.notice button', { hasText: 'Undo' }).click();
    await expect.poll(opinions, { message: 'R5' }).toEqual([]);

    await page.locator('#add-finding').selectOption({ index: 1 });
    await expect.poll(opinions, { message: 'R6' }).toEqual([['Effusion', true]]);

    await page.locator('.alert-card button', { hasText: 'Override' }).click();
    await page.locator('.alert-card select').selectOption('already-known');
    await page.locator('.alert-card button', { hasText: 'Send' }).click();
    const statuses = async () => (await api().listAlerts({ studyUid: uid })).data.map(({ status }) => status);
    await expect.poll(statuses, { message: 'R7' }).toEqual(['overridden']);

    await page.locator('[data-priors="1"]').waitFor(SOON);
    await page.keyboard.press('b');
    await expect.poll(() => page.locator('.viewer').count(), { message: 'R8', ...SOON }).toBe(2);
    await page.keyboard.press('b');

    await page.locator('summary', { hasText: 'Draft report' }).click();
    await page.locator('button', { hasText: 'Copy in English' }).click();
    await page.locator('.notice', { hasText: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()'), 'R9').toContain('PRELIMINARY');

    await page.locator('#close').click();
    await expect.poll(async () => (await api().getStudy(uid)).data.closedAt, { message: 'R10' }).not.toBeNull();
    await page.locator('.notice button', { hasText: 'Undo' }).click();
    await expect.poll(async () => (await api().getStudy(uid)).data.closedAt, { message: 'R10' }).toBeNull();
    await page.context().close();
  });

  test('physician: P1 to P10', async () => {
    const page = await site.open('/alerts', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const rows = page.locator('li[data-alert-id]');
    await rows.first().waitFor();
    const order = ['critical', 'warning', 'info'];
    const open = (await api().listAlerts({})).data.filter(({ status }) => status === 'new' || status === 'seen');
    const gravest = order.find((severity) => open.some((alert) => alert.severity === severity));
    expect(await rows.first().getAttribute('data-severity'), 'P1').toBe(gravest);

    await page.locator('.escalation').first().waitFor();
    const { data: escalations } = await api().listEscalations();
    const next = escalations.find((one) => one.next !== null);
    expect(await page.locator(`[data-alert-id="${next?.alertId}"] [data-next]`).innerText(), 'P2').toMatch(
      /next at .*: \S+/,
    );

    const statusOf = async (id: string | null) => (await api().getAlert(id ?? '')).data.alert.status;
    const one = await rows.first().getAttribute('data-alert-id');
    await rows.first().locator('button.main').tap();
    await expect.poll(() => statusOf(one), { message: 'P3' }).toBe('acknowledged');

    const boxes = page.locator('li[data-alert-id] input[type=checkbox]');
    await expect.poll(() => boxes.count()).toBe(open.length - 1);
    const two = await page
      .locator('li[data-alert-id]:has(input[type=checkbox])')
      .evaluateAll((all) => all.slice(0, 2).map((row) => row.getAttribute('data-alert-id')));
    for (const id of two) await page.locator(`[data-alert-id="${id}"] input[type=checkbox]`).tap();
    await page.locator('button.main', { hasText: 'the 2 chosen' }).tap();
    for (const id of two) await expect.poll(() => statusOf(id), { message: 'P4' }).toBe('acknowledged');

    await expect.poll(() => boxes.count()).toBe(open.length - 3);
    const row = page.locator('li[data-alert-id]:has(input[type=checkbox])').first();
    const wrong = await row.getAttribute('data-alert-id');
    await row.locator('button', { hasText: 'False alarm' }).tap();
    await expect.poll(() => statusOf(wrong), { message: 'P5' }).toBe('false-positive');

    await page.locator('li[data-alert-id] a', { hasText: 'TB1' }).first().tap();
    await page.waitForSelector('main[data-patient] .film-card');
    expect(await page.locator('main[data-patient] .risk').count(), 'P6').toBeGreaterThan(0);

    const card = page.locator(`[data-equation=${WHO}]`);
    await card.locator('summary').tap();
    await expect.poll(() => card.locator('[data-step]').count(), { message: 'P7' }).toBeGreaterThan(2);
    await card.locator('.knob input[type=checkbox]').tap();
    await expect.poll(() => card.locator('.what-if-answer').innerText(), { message: 'P8' }).toMatch(/\d.*%/);

    const chart = page.locator('[data-observations]');
    // A respiratory rate of 25 or more is 3 points (RCP 2017).
    expect(await chart.locator('td.points-3').allInnerTexts(), 'P9').toEqual(['26 (3)']);
    const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g);
    expect(pages?.length, 'P10').toBe(1);
    await page.context().close();
  });

  const closeSecret = async (page: Page): Promise<string> => {
    const text = await page.locator('[data-secret]').innerText();
    await page.locator('[role=dialog] button', { hasText: 'Close' }).click();
    return text.trim();
  };

  test('IT: I1 to I10', async () => {
    const page = await site.open('/admin');
    await page.locator('#models tbody tr', { hasText: 'cxr-findings' }).first().waitFor();
    expect(await page.locator('#models tbody').innerText(), 'I1').toContain('Reads');
    await page.locator('#refused tbody tr').first().waitFor();
    expect(await page.locator('#refused tbody').innerText(), 'I2').toMatch(/The file is not DICOM.*dicom\./);

    const dead = page.locator('#deliveries tbody tr', { hasText: 'Not delivered' }).first();
    await dead.waitFor(SOON);
    receiverStatus = 200;
    await dead.locator('button').click();
    const delivered = async () => (await api().listOutgoingMessages({ state: 'delivered' })).data.messages.length;
    await expect.poll(delivered, { message: 'I3', ...SOON }).toBeGreaterThan(0);

    await page.locator('#people input[name=name]').fill('bs.hoa');
    await page.locator('#people select[name=role]').selectOption('physician');
    await page.locator('#people form button').click();
    expect(await closeSecret(page), 'I4').toMatch(/^[\w-]{16}$/);
    await page.locator('[data-login="bs.hoa"] button', { hasText: 'Disable' }).click();
    await page.locator('[data-confirm]').click();
    await expect.poll(async () => (await api().listAccounts()).data[0]?.disabled, { message: 'I5' }).toBe(true);

    await page.locator('#keys input[name=name]').fill('his');
    await page.locator('#keys select[name=role]').selectOption('his');
    await page.locator('#keys form button').click();
    await closeSecret(page);
    await page.locator('[data-key="his"] button', { hasText: 'Replace' }).click();
    await closeSecret(page);
    await page.locator('[data-key="his"] button', { hasText: 'Revoke' }).click();
    await page.locator('[data-confirm]').click();
    const keys = async () => (await api().listKeys()).data.map(({ name, revoked }) => `${name} ${revoked}`).sort();
    await expect.poll(keys, { message: 'I6' }).toEqual(['his true', 'his-2 false']);

    await api().markOpened(uids[3] ?? '');
    await page.locator('#audit-search input[name=patient]').fill('TB2');
    await page.locator('#audit-search select[name=action]').selectOption('study.opened');
    await page.locator('#audit-search button').click();
    await page.locator('[data-audit-total="1"]').waitFor();
    expect(await page.locator('#audit tr[data-sequence]').innerText(), 'I7').toContain('Study opened');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#audit a[download]').click()]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines, 'I8').toHaveLength(2);
    await expect
      .poll(() => page.locator('#audit').innerText(), { message: 'I9', ...SOON })
      .toContain('the chain is whole');
    expect(await page.locator('#drift tbody').innerText(), 'I10').toContain('too few');
    expect(await page.locator('#turnaround tbody').innerText(), 'I10').toMatch(/\d of \d/);
    await page.context().close();
  });

  test('no page has failed on the way or left the service', () => {
    expect(withoutMade(site.faults)).toEqual([]);
  });

  describe('researcher: S1 to S10, on the command line', () => {
    const root = mkdtempSync(join(tmpdir(), 'haidang-tasks-'));
    const at = (name: string): string => join(root, name);
    const FILMS = 60;
    beforeAll(async () => {
      writeTinyModel(at('models'), { id: 'cxr-findings' });
      writeTinyModel(at('models'), { id: 'cxr-other', seed: 1 });
      cpSync('models/risk-fib4', at('models/risk-fib4'), { recursive: true });
      mkdirSync(at('films'));
      const rows = ['file,person,age,effusion'];
      for (let film = 0; film < FILMS; film += 1) {
        const values = filmPicture(64, film);
        writeFileSync(at(`films/f${film}.png`), await encodeGrayPng({ columns: 64, rows: 64, values }));
        rows.push(`f${film}.png,BN${Math.floor(film / 2)},${40 + film},${film % 2 === 0 ? 'yes' : 'no'}`);
      }
      writeFileSync(at('films/films.csv'), rows.join('\n'));
      writeFileSync(at('film.dcm'), await filmDicom({ phase: 1 }));
      writeFileSync(
        at('vectors.csv'),
        'age,ast,alt,platelets,expected,tolerance,source\n50,40,25,100,4,1e-9,by hand\n',
      );
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    const haidang = (...args: string[]): Promise<{ readonly out: string; readonly status: number }> =>
      new Promise((done) => {
        execFile(
          process.execPath,
          ['src/cli/main.ts', ...args],
          { env: { ...process.env, HAIDANG_MODELS_DIR: at('models'), HAIDANG_DATA_DIR: at('data'), INIT_CWD: root } },
          (error, out) => done({ out, status: typeof error?.code === 'number' ? error.code : 0 }),
        );
      });

    test('S1 to S3: models, a DICOM file, a pre-read', async () => {
      expect((await haidang('models')).out, 'S1').toMatch(/cxr-findings/);
      const decoded = JSON.parse((await haidang('dicom', 'decode', at('film.dcm'), '--json')).out);
      expect(decoded, 'S2').toMatchObject({
        outcome: 'decoded',
        rows: 64,
        columns: 64,
        sha1: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
      const read = JSON.parse((await haidang('preread', at('film.dcm'), '--json')).out);
      expect(read, 'S3').toMatchObject({ outcome: 'assessed', provenance: { modelId: 'cxr-findings' } });
    });

    test('S4 to S7: a folder of films is described, measured and compared', async () => {
      const columns = ['file=file', 'age=age', 'patient=person'].flatMap((column) => ['--column', column]);
      expect(
        await haidang('datasets', 'new', 'films', ...columns, '--finding', 'Effusion=effusion'),
        'S4',
      ).toMatchObject({
        status: 0,
      });
      const measured = await haidang('evaluate', '--dataset', 'films', '--json', '--predictions', at('answers.csv'));
      const { figures } = JSON.parse(measured.out);
      const auroc = figures.find(
        (row: { metric: string; finding: string }) => row.metric === 'auroc' && row.finding === 'Effusion',
      );
      expect(auroc, 'S5').toMatchObject({
        n: FILMS,
        positives: FILMS / 2,
        lower: expect.any(Number),
        upper: expect.any(Number),
      });
      const compared = await haidang('compare', '--models', 'cxr-findings,cxr-other', '--dataset', 'films', '--json');
      expect(JSON.parse(compared.out).figures[0], 'S6').toHaveProperty('difference');
      // Three heads of each film, and a heading.
      expect(readFileSync(at('answers.csv'), 'utf8').trim().split('\n'), 'S7').toHaveLength(3 * FILMS + 1);
    });

    test('S8 to S10: waiting rooms, an equation, a policy on history', async () => {
      const room = ['--arrivals-per-hour', '6', '--prevalence', '0.1', '--sensitivity', '0.9', '--specificity', '0.8'];
      const waiting = await haidang('worklist', 'simulate', ...room, '--runs', '10', '--hours', '40', '--json');
      expect(JSON.parse(waiting.out).groups, 'S8').not.toHaveLength(0);
      const checked = await haidang('risk', 'check', at('vectors.csv'), '--equation', 'fib4', '--json');
      expect(JSON.parse(checked.out), 'S9').toMatchObject({ rows: 1, passed: 1, failed: 0 });
      const history = await fetch(`${site.service.address}/v1/alert-history.ndjson`);
      writeFileSync(at('history.ndjson'), await history.text());
      const simulated = await haidang('alerts', 'simulate', '--history', at('history.ndjson'), '--json');
      expect(JSON.parse(simulated.out), 'S10').toMatchObject({ rows: uids.length, raised: expect.any(Number) });
    });
  });
});
