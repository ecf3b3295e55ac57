// How the pages feel in Chromium over a list of many studies: first contentful paint of the worklist, a film with its heatmap, ten key presses,
// what an idle tab costs, and the packed size of scripts. `npm run --silent benchmark:pages -- [--studies 100000] [--rounds 5] [--keep]`. Everything
// runs in a data folder of its own, on the embedded database.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { createClient } from '#client/client.ts';
import { morning } from '#phantom-cxr/morning.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { systemClock } from '#kernel/clock.ts';
import { openStore } from '#store/store.ts';
import { buildPages } from '#web/build-pages.ts';
import { fill } from '../growth/fill.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  studies: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '5' },
  chromium: { type: 'string', default: '/usr/bin/chromium' },
  keep: { type: 'boolean', default: false },
});
const rounds = Number(options.rounds);
const studies = Number(options.studies);
const LONGEST_MS = 60_000;
const IDLE_S = 20;
const PRESSES = 10;
/** Films of the morning whose maps are found faithful: an effusion and a pneumothorax. */
const [SMALL_FILM, LARGE_FILM] = [2, 4];

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-pages-'));

/** The archive's studies belong to the facility that the pages show. */
async function fillArchive(): Promise<void> {
  // Opened once for its tables.
  const store = await openStore({ dataDir, clock: systemClock });
  await store.close();
  const database = await openDatabase(await openEmbedded(dataDir, 'haidang'));
  await fill(database, 0, studies);
  await database.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    for (const table of ['study', 'instance', 'reading', 'finding', 'alert', 'alert_event'])
      await tx.query(`update ${table} set facility_id = 'local' where facility_id = 'bench'`);
  });
  await database.close();
}

async function filmOf(number: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  let at = 0;
  for await (const { bytes } of morning(1, { size })) {
    at += 1;
    if (at === number) return Uint8Array.from(bytes);
  }
  throw new Error('the morning has too few films');
}

const middle = (values: readonly number[]): number => Math.round(quantile(values, 0.5));

const paintMs = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((done) => new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') done(startTime);
  }).observe({ type: 'paint', buffered: true }))`);

/** Milliseconds from the start of the page until something is in it. */
const sinceStart = async (page: Page, selector: string): Promise<number> => {
  await page.waitForSelector(selector, { timeout: LONGEST_MS });
  return page.evaluate('performance.now()');
};

async function filmWithMap(page: Page, address: string) {
  await page.goto(address);
  const preview = await sinceStart(page, '[data-film=preview], [data-film=full]');
  await page.waitForSelector('[data-map=available]', { timeout: LONGEST_MS });
  await page.keyboard.press('1');
  const map = await sinceStart(page, '[data-map=shown]');
  const full = await sinceStart(page, '[data-film=full]');
  return { preview, map: Math.max(map, preview), full };
}

async function tenPresses(page: Page, address: string): Promise<number> {
  await page.goto(`${address}/?state=all`);
  await page.waitForSelector('tr[data-study-uid]');
  await page.waitForTimeout(500);
  const began = performance.now();
  for (let press = 0; press < PRESSES; press += 1) await page.keyboard.press('j');
  await page.waitForFunction(
    `document.activeElement === document.querySelectorAll('tr[data-study-uid]')[${PRESSES - 1}]`,
  );
  return performance.now() - began;
}

async function idleBytesPerSecond(page: Page, address: string): Promise<number> {
  await page.goto(`${address}/`);
  await page.waitForSelector('tr[data-study-uid]');
  await page.waitForTimeout(3_000);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.dataReceived', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.waitForTimeout(IDLE_S * 1000);
  return bytes / IDLE_S;
}

async function packedSizes() {
  const { files } = await buildPages();
  const sum = (pattern: RegExp): number =>
    [...files].reduce((total, [name, content]) => total + (pattern.test(name) ? gzipSync(content).length : 0), 0);
  return { main: sum(/^(app|chunk)-.*\.js$/), viewer: sum(/^study-page-/) };
}

try {
  // Drawn before the service runs: drawing holds up this process.
  const films = [await filmOf(SMALL_FILM, 1024), await filmOf(LARGE_FILM, 2128)];
  await fillArchive();
  const service = await startService(
    readConfig(
      { HAIDANG_PORT: '0', HAIDANG_ACCESS: 'open', HAIDANG_DATA_DIR: dataDir, HAIDANG_LOG_LEVEL: 'error' },
      process.cwd(),
    ),
  );
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const client = createClient({ baseUrl: service.address });
    const uids: string[] = [];
    for (const bytes of films) {
      const { studies: sent } = await client.upload([{ name: 'film.dcm', bytes }]);
      for (const uid of sent) await client.waitUntilRead(uid, { until: 'maps-checked', timeoutMs: LONGEST_MS });
      uids.push(...sent);
    }
    const times: Record<string, number[]> = {};
    const note = (name: string, value: number): void => void (times[name] ??= []).push(value);
    // The first of all builds the pages: it is no reader's.
    for (let turn = -1; turn < rounds; turn += 1) {
      // A context of its own: nothing is in the cache.
      const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
      await page.goto(`${service.address}/`);
      const paint = await paintMs(page);
      const rows = await sinceStart(page, 'tr[data-study-uid]');
      const [small, large] = [
        await filmWithMap(page, `${service.address}/studies/${uids[0]}`),
        await filmWithMap(page, `${service.address}/studies/${uids[1]}`),
      ];
      const presses = await tenPresses(page, service.address);
      await page.context().close();
      if (turn < 0) continue;
      note('worklist, first contentful paint', paint);
      note('worklist, first row', rows);
      note('film of 1024 px with its map', small.map);
      note('film of 2128 px, preview', large.preview);
      note('film of 2128 px with its map', large.map);
      note('film of 2128 px, original', large.full);
      note('ten key presses in the list', presses);
    }
    const page = await browser.newPage();
    const idle = round(await idleBytesPerSecond(page, service.address));
    const figures = Object.entries(times).map(([figure, values]) => ({
      figure,
      medianMs: middle(values),
      worstMs: Math.round(Math.max(...values)),
    }));
    const sizes = await packedSizes();
    for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    process.stdout.write(`${JSON.stringify({ idleBytesPerSecond: idle, packedBytes: sizes })}\n`);
    if (options.keep) {
      const measuredAt = new Date().toISOString();
      const machine = {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        load: round(loadavg()[0] ?? 0),
      };
      keepResult(
        'pages',
        { commit, measuredAt, machine, studies, rounds, figures, idleBytesPerSecond: idle, packedBytes: sizes },
        { measuredAt },
      );
    }
  } finally {
    await browser.close();
    await service.close();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
