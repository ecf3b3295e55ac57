// `npm run pictures`: the README's pictures of the pages, taken by Chromium from the synthetic films of the demo, so that they never show
// an older page than the one that is here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { createClient } from '#client/client.ts';
import { morning } from '#phantom-cxr/morning.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';

const FILMS = 24;
const VIEWPORT = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const WIDTH = 1080;
/** A screen is drawn with twice the pixels on a phone. */
const PHONE_WIDTH = 585;
/** Of an invented person, for the risk that is explained on a phone. */
const MEASURED = [
  { code: '8480-6', value: 162, unit: 'mm[Hg]' },
  { code: '39156-5', value: 26, unit: 'kg/m2' },
  { code: 'smoker', value: true },
] as const;
const EQUATION = 'who_cvd_2019_nonlab_sea';

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-pictures-'));
const service = await startService(
  readConfig(
    { HAIDANG_ACCESS: 'open', HAIDANG_PORT: '0', HAIDANG_DATA_DIR: dataDir, HAIDANG_LOG_LEVEL: 'error' },
    process.cwd(),
  ),
);
const client = createClient({ baseUrl: service.address });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
/** A machine that does other work takes its time. */
const LONGEST_MS = 300_000;

async function keep(page: Page, name: string, width = WIDTH): Promise<void> {
  const picture = await page.screenshot();
  await sharp(picture).resize({ width }).png({ palette: true, quality: 80 }).toFile(`docs/${name}.png`);
}

try {
  for await (const { bytes } of morning(FILMS)) {
    // Some files of a morning are broken on purpose; their refusal is part of the picture.
    const answer = await client.upload([{ name: 'film.dcm', bytes: Uint8Array.from(bytes) }]).catch(() => undefined);
    for (const uid of answer?.studies ?? []) await client.waitUntilRead(uid, { timeoutMs: LONGEST_MS });
  }
  const { data } = await client.v1.getWorklistRows({ place: 'critical', limit: '1' });
  const uid = data.items[0]?.studyUid ?? '';
  const patient = data.items[0]?.patient.id ?? '';
  await client.v1.assessRisk({
    patient: { code: patient, sex: 'male', birthDate: '1961-04-05' },
    equations: [EQUATION],
    measurements: [...MEASURED],
    explain: true,
    keep: true,
  });
  for (const [locale, list, study, inbox, phone] of [
    ['en-GB', 'worklist', 'study', 'inbox', 'risk-phone'],
    ['vi-VN', 'danh-sach', 'ca-chup', 'hop-canh-bao', 'nguy-co-dien-thoai'],
  ] as const) {
    const page = await browser.newPage({ locale, viewport: VIEWPORT });
    page.setDefaultTimeout(LONGEST_MS);
    await page.goto(`${service.address}/`);
    await page.waitForSelector('tr[data-study-uid]');
    await page.locator('[data-thumb=shown]').nth(12).waitFor();
    await keep(page, list);
    await page.goto(`${service.address}/studies/${uid}`);
    await page.waitForSelector('[data-film=full]');
    await page.keyboard.press('1');
    await page.waitForSelector('[data-map=shown]');
    await page.waitForTimeout(500);
    await keep(page, study);
    await page.goto(`${service.address}/alerts`);
    await page.waitForSelector('.escalation');
    await keep(page, inbox);
    await page.close();
    const small = await browser.newPage({ locale, viewport: PHONE, deviceScaleFactor: 2, hasTouch: true });
    small.setDefaultTimeout(LONGEST_MS);
    await small.goto(`${service.address}/patients/${encodeURIComponent(patient)}`);
    await small.locator(`[data-equation=${EQUATION}] summary`).tap();
    await small.locator('.waterfall li').last().scrollIntoViewIfNeeded();
    await small.locator(`[data-equation=${EQUATION}] h3`).evaluate((title) => title.scrollIntoView());
    await small.waitForTimeout(500);
    await keep(small, phone, PHONE_WIDTH);
    await small.close();
  }
} finally {
  await browser.close();
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
}
