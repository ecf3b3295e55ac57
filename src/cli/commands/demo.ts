// `haidang demo` (`npm run demo`): the whole service on a morning of phantom films, or on one's own, through the public API.
import { join, relative } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Language } from '#kernel/errors.ts';
import { systemClock } from '#kernel/clock.ts';
import { readConfig } from '#service/config.ts';
import { say, type MessageValues } from '#messages/say.ts';
import { createApi } from '#cli/demo/api.ts';
import { folderArrivals, phantomArrivals } from '#cli/demo/arrivals.ts';
import { startBars } from '#cli/demo/bars.ts';
import { feed, STALL_MS, untilRead } from '#cli/demo/feed.ts';
import { reportLines, type ReportOptions, summaryLines } from '#cli/demo/report.ts';
import { sendVisits } from '#cli/demo/risks.ts';
import { writeSheet } from '#cli/demo/sheet.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';

interface Options {
  readonly lang: Language;
  readonly dicom?: string;
  readonly seed: number;
}

/** A port of its own unless one is asked for, so that a service that runs already is no trouble; open, on this machine alone; always the embedded database. */
function demoConfig() {
  const { DATABASE_URL: _, ...rest } = process.env;
  return readConfig({ HAIDANG_PORT: '0', HAIDANG_LOG_LEVEL: 'error', ...rest, HAIDANG_ACCESS: 'open' }, userFolder());
}

/** Short where it lies below the user's folder. */
function nearPath(path: string): string {
  const short = relative(userFolder(), path);
  return short.startsWith('..') ? path : short;
}

async function demo({ lang, dicom, seed }: Options): Promise<void> {
  const tell = (key: string, values?: MessageValues): void => {
    process.stderr.write(`${say(lang, `demo.${key}`, values)}\n`);
  };
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const arrivals = dicom === undefined ? await phantomArrivals(seed) : await folderArrivals(resolveUserPath(dicom));
  if (arrivals.count === 0) {
    tell('no-files', { folder: dicom ?? '' });
    process.exitCode = 1;
    return;
  }
  tell(dicom === undefined ? 'not-a-device' : 'own-films');
  const config = demoConfig();
  tell('starting', { folder: config.dataDir });
  const began = performance.now();
  // Loaded here: the other commands need not load every door.
  const { startService } = await import('#service/service.ts');
  const service = await startService(config);
  try {
    if (!service.ready) {
      tell('model-not-ready');
      process.exitCode = 1;
      return;
    }
    tell('started', { address: service.address, seconds: ((performance.now() - began) / 1000).toFixed(1) });
    const api = createApi(service.address);
    const bars = startBars(arrivals.count, lang);
    const fed = await feed(api, arrivals, bars);
    const items = await untilRead(api, fed, bars);
    bars.close();
    // Own films bring no measurements, and none are invented for people.
    const persons = dicom === undefined ? await sendVisits(api, items, systemClock.now()) : 0;

    const options: ReportOptions = { language: lang, titles: await api.titles(), names: dicom === undefined };
    print('');
    for (const line of reportLines(items, fed, options)) print(line);
    print('');
    for (const line of summaryLines(items, fed, lang)) print(line);
    if (persons > 0) print(say(lang, 'demo.persons', { count: persons }));
    const waiting = items.filter(({ outcome }) => outcome === null).length;
    if (waiting > 0) {
      tell('stalled', { seconds: STALL_MS / 1000, count: waiting });
      process.exitCode = 1;
    }
    const sheet = await writeSheet(join(config.dataDir, 'demo'), api, items, options);
    print('');
    print(say(lang, 'demo.next'));
    print(`  ${say(lang, 'demo.next-sheet', { path: nearPath(sheet) })}`);
    for (const key of ['next-serve', 'next-preread', ...(dicom === undefined ? ['next-own'] : [])])
      print(`  ${say(lang, `demo.${key}`)}`);
  } finally {
    await service.close();
  }
}

function parseSeed(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('a morning of synthetic films (or your own) through the whole service, on the embedded database')
    .option('--dicom <folder>', 'your own films instead: every file in the folder and below')
    .addOption(new Option('--lang <language>', 'language of the report').choices(['vi', 'en']).default('en'))
    .option('--seed <number>', 'another morning', parseSeed, 1)
    .action(demo);
}
