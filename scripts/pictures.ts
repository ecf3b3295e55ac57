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
const WIDTH = 1080;

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-pictures-'));
const service = await startService(
  readConfig(
    { HAIDANG_ACCESS: 'open', HAIDANG_PORT: '0', HAIDANG_DATA_DIR: dataDir, HAIDANG_LOG_LEVEL: 'error' },
    process.cwd(),
  ),
);
const client = createClient({ baseUrl: service.address });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function keep(page: Page, name: string): Promise<void> {
  const picture = await page.screenshot();
  await sharp(picture).resize({ width: WIDTH }).png({ palette: true, quality: 80 }).toFile(`docs/${name}.png`);
}

try {
  for await (const { bytes } of morning(FILMS)) {
    // Some files of a morning are broken on purpose; their refusal is part of the picture.
    const answer = await client.upload([{ name: 'film.dcm', bytes: Uint8Array.from(bytes) }]).catch(() => undefined);
    for (const uid of answer?.studies ?? []) await client.waitUntilRead(uid);
  }
  const { data } = await client.v1.getWorklistRows({ place: 'critical', limit: '1' });
  const uid = data.items[0]?.studyUid ?? '';
  for (const [locale, list, study] of [
    ['en-GB', 'worklist', 'study'],
    ['vi-VN', 'danh-sach', 'ca-chup'],
  ] as const) {
    const page = await browser.newPage({ locale, viewport: VIEWPORT });
    await page.goto(`${service.address}/`);
    await page.waitForSelector('tr[data-study-uid]');
    await page.waitForTimeout(4000);
    await keep(page, list);
    await page.goto(`${service.address}/studies/${uid}`);
    await page.waitForSelector('[data-film=full]');
    await page.keyboard.press('1');
    await page.waitForSelector('[data-map=shown]');
    await page.waitForTimeout(500);
    await keep(page, study);
    await page.close();
  }
} finally {
  await browser.close();
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
}
