// Speed of the pages in Chromium over a list of many studies: first contentful paint of the worklist, a film with its heatmap, ten key presses,
// what an idle tab costs, and the packed size of scripts. `npm run --silent benchmark:pages -- [--studies 100000] [--rounds 5] [--short] [--keep]`.
// Everything runs in a data folder of its own, on the embedded database. Times say what this machine does beside its other work (`machine.load`);
// packed sizes and the idle tab's bytes do not depend on it, and the command leaves 1 where they pass their bounds.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createClient } from '#client/client.ts';
import { filmOfMorning } from '#phantom-cxr/morning.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { systemClock } from '#kernel/clock.ts';
import { openStore } from '#store/store.ts';
import { fill } from '../growth/fill.ts';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, round } from '../report.ts';
import { packedSizes } from './packed-sizes.ts';

const options = readOptions(import.meta.url, {
  studies: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '5' },
  chromium: { type: 'string', default: '/usr/bin/chromium' },
  /** One round, smaller films. */
  short: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
});
const rounds = options.short ? 1 : Number(options.rounds);
const studies = Number(options.studies);
/** A machine that does other work finishes late, and then says so; a wait that ends early would say nothing. */
const LONGEST_MS = 900_000;
const IDLE_S = 20;
const PRESSES = 10;
/** Films of the morning whose maps are found faithful, an effusion and a pneumothorax: their places from 0, and pixels of the longer side. */
const [SMALL_FILM, LARGE_FILM] = [1, 3];
const [SMALL_SIZE, LARGE_SIZE] = options.short ? [512, 1024] : [1024, 2128];
/** Bounds of what does not depend on the machine. */
const BOUNDS = { main: 60_000, viewer: 40_000, idleBytesPerSecond: 2_000 };

const startedAt = performance.now();
const stage = (what: string): void => {
  process.stderr.write(`${Math.round((performance.now() - startedAt) / 1000)} s: ${what}\n`);
};

const dataDir = mkdtempSync(join(tmpdir(), 'haidang-pages-'));

/** The archive's studies belong to the facility that the pages show. */
async function fillArchive(): Promise<void> {
  // Opened once for its tables.
  const store = await openStore({ dataDir, clock: systemClock });
  await store.close();
  const database = await openDatabase(await openEmbedded(dataDir, 'haidang'));
  await fill(database, studies);
  await database.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    for (const table of ['study', 'instance', 'reading', 'finding', 'alert', 'alert_event'])
      await tx.query(`update ${table} set facility_id = 'local' where facility_id = 'bench'`);
  });
  await database.close();
}

const filmBytes = async (place: number, size: number): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from((await filmOfMorning(1, place, { size })).bytes);

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
  // A selector: the pages' content security policy lets no text be evaluated again and again.
  await page.waitForSelector(`tr[data-study-uid]:nth-of-type(${PRESSES}):focus`);
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

const sizes = await packedSizes();
process.stdout.write(`${JSON.stringify({ packedBytes: sizes, bounds: BOUNDS })}\n`);

try {
  // Drawn before the service runs: drawing holds up this process.
  stage('films are drawn');
  const films = [await filmBytes(SMALL_FILM, SMALL_SIZE), await filmBytes(LARGE_FILM, LARGE_SIZE)];
  stage(`${studies} studies are written`);
  await fillArchive();
  stage('the service starts');
  const service = await startService(
    readConfig(
      { HAIDANG_PORT: '0', HAIDANG_ACCESS: 'open', HAIDANG_DATA_DIR: dataDir, HAIDANG_LOG_LEVEL: 'silent' },
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
      stage(turn < 0 ? 'a round that is not counted' : `round ${turn + 1} of ${rounds}`);
      // A context of its own: nothing is in the cache.
      const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(LONGEST_MS);
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
      note(`film of ${SMALL_SIZE} px with its map`, small.map);
      note(`film of ${LARGE_SIZE} px, preview`, large.preview);
      note(`film of ${LARGE_SIZE} px with its map`, large.map);
      note(`film of ${LARGE_SIZE} px, original`, large.full);
      note('ten key presses in the list', presses);
    }
    stage('a tab is left alone');
    const page = await browser.newPage();
    page.setDefaultTimeout(LONGEST_MS);
    const idle = round(await idleBytesPerSecond(page, service.address));
    const figures = Object.entries(times).map(([figure, values]) => ({
      figure,
      medianMs: middle(values),
      worstMs: Math.round(Math.max(...values)),
    }));
    for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    const measuredAt = new Date().toISOString();
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      load: round(loadavg()[0] ?? 0),
    };
    process.stdout.write(`${JSON.stringify({ studies, rounds, idleBytesPerSecond: idle, machine, commit })}\n`);
    if (sizes.main > BOUNDS.main || sizes.viewer > BOUNDS.viewer || idle > BOUNDS.idleBytesPerSecond)
      process.exitCode = 1;
    if (options.keep)
      keepResult(
        'pages',
        { commit, measuredAt, machine, studies, rounds, figures, idleBytesPerSecond: idle, packedBytes: sizes },
        { measuredAt },
      );
  } finally {
    await browser.close();
    await service.close();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
