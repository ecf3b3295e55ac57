// Decodes whole films of each transfer syntax: ours in this process, pydicom with pylibjpeg in a virtual environment that is made for it, and
// dcmtk's programs where they are installed (their time less that of copying the file without decoding); all in one thread and one run.
// Prints a table and writes results/<date>-<commit>.json: `npm run --silent benchmark:decode -- [--size 2128] [--rounds 5]`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import type { SyntaxName } from '#phantom-cxr/dicom/syntax.ts';
import { readOptions } from '../options.ts';
import { pythonWith } from '../peers/python.ts';
import { filmsOf } from '../preread/films.ts';
import { keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  size: { type: 'string', default: '2128' },
  rounds: { type: 'string', default: '5' },
});
const size = Number(options.size);
const rounds = Number(options.rounds);

/** `dcmtk`: its program for the syntax. It has none for JPEG 2000. */
const SYNTAXES: readonly { readonly name: SyntaxName; readonly bitsStored: 8 | 12; readonly dcmtk?: string }[] = [
  { name: 'explicit-little', bitsStored: 12 },
  { name: 'rle', bitsStored: 12, dcmtk: 'dcmdrle' },
  { name: 'jpeg-baseline', bitsStored: 8, dcmtk: 'dcmdjpeg' },
  { name: 'jpeg-lossless', bitsStored: 12, dcmtk: 'dcmdjpeg' },
  { name: 'jpeg-ls', bitsStored: 12, dcmtk: 'dcmdjpls' },
  { name: 'jpeg-ls-near', bitsStored: 12, dcmtk: 'dcmdjpls' },
  { name: 'jpeg-2000', bitsStored: 12 },
  { name: 'jpeg-2000-lossy', bitsStored: 12 },
  { name: 'htj2k', bitsStored: 12 },
];

const work = mkdtempSync(join(tmpdir(), 'haidang-decode-'));
const loadBefore = round(loadavg()[0] ?? 0);
const measuredAt = new Date().toISOString();

async function milliseconds(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const median = (times: readonly number[]): number => quantile(times, 0.5);

async function medianOf(run: () => unknown): Promise<number> {
  await run();
  const times: number[] = [];
  for (let count = 0; count < rounds; count += 1) times.push(await milliseconds(run));
  return median(times);
}

const program = (name: string, ...args: readonly string[]) => execFileSync(name, args, { stdio: 'pipe' });

function isInstalled(name: string): boolean {
  try {
    program(name, '--version');
    return true;
  } catch {
    return false;
  }
}

interface Row {
  readonly syntax: SyntaxName;
  readonly oursMs: number;
  readonly pydicomMs: number | string;
  readonly dcmtkMs: number | null;
}

const python = pythonWith('decode');
const copies = isInstalled('dcmconv');
const rows: Row[] = [];
try {
  mkdirSync(join(work, 'out'));
  const out = join(work, 'out', 'film.dcm');
  for (const { name, bitsStored, dcmtk } of SYNTAXES) {
    const [film] = await filmsOf({ name, syntax: name, bitsStored, size }, 1, 1);
    if (film === undefined) throw new Error('nothing drawn');
    const path = join(work, `${name}.dcm`);
    writeFileSync(path, film);
    const bytes = Buffer.from(film);
    const oursMs = await medianOf(async () => decodeStored(parseDicom(bytes)));
    const answer: unknown = JSON.parse(
      execFileSync(python, [join(root, 'benchmarks/peers/decode/decode.py'), String(rounds), path], {
        encoding: 'utf8',
      }),
    );
    const times: unknown = typeof answer === 'object' && answer !== null ? Object.values(answer)[0] : undefined;
    const pydicomMs = Array.isArray(times) ? median(times.map(Number)) : String(times);
    const decodes = dcmtk !== undefined && copies && isInstalled(dcmtk);
    const dcmtkMs = decodes
      ? Math.max(
          0,
          (await medianOf(() => program(dcmtk, path, out))) - (await medianOf(() => program('dcmconv', path, out))),
        )
      : null;
    rows.push({
      syntax: name,
      oursMs: round(oursMs),
      pydicomMs: typeof pydicomMs === 'number' ? round(pydicomMs) : pydicomMs,
      dcmtkMs: dcmtkMs === null ? null : round(dcmtkMs),
    });
    process.stderr.write(`${name} done\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

const ratio = (peer: number | string | null, ours: number): string =>
  typeof peer === 'number' ? String(round(peer / ours, 2)) : '';
process.stdout.write(
  [
    `Whole film, ${size} pixels high, median of ${rounds}; above 1 we are faster. Load ${loadBefore} before the run.`,
    '',
    '| syntax | ms | pydicom + pylibjpeg ms | ratio | dcmtk ms | ratio |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ syntax, oursMs, pydicomMs, dcmtkMs }) =>
        `| ${syntax} | ${oursMs} | ${pydicomMs} | ${ratio(pydicomMs, oursMs)} | ${dcmtkMs ?? ''} | ${ratio(dcmtkMs, oursMs)} |`,
    ),
    '',
  ].join('\n'),
);
keepResult('decode', { measuredAt, cores: availableParallelism(), loadBefore, size, rounds, rows }, { measuredAt });
