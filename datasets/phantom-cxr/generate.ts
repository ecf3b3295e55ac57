// node datasets/phantom-cxr/generate.ts --count N --seed S --size 320 --out FOLDER [--kind chest]: films, masks and labels on disk.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { drawChest, type ChestFilm } from './chest.ts';
import { drawOther, OTHER_KINDS } from './others.ts';
import { grayPng, toBytes } from './png.ts';

/** The columns of a folder of real films that `haidang evaluate` reads, then what only phantoms know. */
const LABEL_COLUMNS =
  'file,source,patient_id,split,label,abnormal,findings,view,age,sex,native_w,native_h,license,rsna_class,google_adjudicated,seed,age_years,kind';
const BOX_COLUMNS = 'file,finding,x,y,w,h,source,split,mask';

const splitOf = (seed: number): string => (seed % 10 === 0 ? 'test' : seed % 10 === 1 ? 'val' : 'train');

/** The mask's bounding box as fractions of the film, or nothing when the lesion lies wholly outside it. */
export function boxOf(
  mask: Uint8Array,
  width: number,
  height: number,
): readonly [number, number, number, number] | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (mask[row * width + column] === 0) continue;
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    }
  }
  if (right < 0) return undefined;
  return [left / width, top / height, (right - left + 1) / width, (bottom - top + 1) / height];
}

interface Rows {
  readonly labels: string[];
  readonly boxes: string[];
}

async function writeChest(folder: string, name: string, film: ChestFilm, rows: Rows): Promise<void> {
  const { plane, subject, lesions } = film;
  const file = `${name}.png`;
  const split = splitOf(subject.seed);
  await writeFile(join(folder, file), grayPng(toBytes(film.gray), plane.width, plane.height));
  const findings = [...new Set(lesions.map((lesion) => lesion.finding))];
  for (const [i, { finding, mask }] of lesions.entries()) {
    const maskFile = `${name}-mask-${i + 1}-${finding}.png`;
    const box = boxOf(mask, plane.width, plane.height);
    if (box === undefined) continue;
    await writeFile(
      join(folder, maskFile),
      grayPng(
        mask.map((value) => value * 255),
        plane.width,
        plane.height,
      ),
    );
    rows.boxes.push([file, finding, ...box.map((value) => value.toFixed(5)), 'phantom', split, maskFile].join());
  }
  const { seed, ageYears, sex, view } = subject;
  rows.labels.push(
    [
      file,
      'phantom',
      `phantom-${seed}`,
      split,
      findings.length > 0 ? 'other' : 'normal',
      findings.length > 0 ? 1 : 0,
      findings.join('|') || 'No Finding',
      view,
      ageYears,
      sex,
      plane.width,
      plane.height,
      'Apache-2.0',
      '',
      '',
      seed,
      ageYears,
      'chest',
    ].join(),
  );
}

const KINDS = ['chest', ...OTHER_KINDS] as const;

/** A whole number from `least` up, of an option. */
const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`It is a whole number from ${least}.`);
    return value;
  };

const command = new Command('generate')
  .description('draws synthetic films, and writes them with masks and labels as PNG and CSV')
  .option('--count <number>', 'how many films', wholeFrom(1), 10)
  .option('--seed <number>', 'seed of the first film; the others follow', wholeFrom(0), 1)
  .option('--size <pixels>', 'columns of a film', wholeFrom(32), 1024)
  .option('--out <folder>', 'where they are written', 'phantoms')
  .addOption(new Option('--kind <kind>', 'what is drawn').choices(KINDS).default('chest'))
  // Misuse is 2, as with the command haidang.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

async function main(): Promise<void> {
  const values = command.parse().opts<{ count: number; seed: number; size: number; out: string; kind: string }>();
  const { count, seed: first, size } = values;
  const kind = OTHER_KINDS.find((name) => name === values.kind);
  const bar = new SingleBar(
    { format: '{bar} {value}/{total} films, {eta_formatted} left', stream: process.stderr },
    Presets.shades_classic,
  );
  await mkdir(values.out, { recursive: true });
  const rows: Rows = { labels: [LABEL_COLUMNS], boxes: [BOX_COLUMNS] };
  bar.start(count, 0);
  for (let i = 0; i < count; i++) {
    bar.update(i);
    const seed = first + i;
    const name = `${kind === undefined ? 'film' : kind}-${String(seed).padStart(5, '0')}`;
    if (kind === undefined) {
      await writeChest(values.out, name, drawChest(seed, { size }), rows);
      continue;
    }
    const film = drawOther(seed, kind, size);
    await writeFile(join(values.out, `${name}.png`), grayPng(toBytes(film.gray), film.width, film.height));
    rows.labels.push(
      `${name}.png,phantom,phantom-${seed},${splitOf(seed)},not-chest,,,,,,${film.width},${film.height},Apache-2.0,,,${seed},,${kind}`,
    );
  }
  bar.update(count);
  bar.stop();
  const suffix = kind === undefined ? '' : `-${kind}`;
  await writeFile(join(values.out, `labels${suffix}.csv`), `${rows.labels.join('\n')}\n`);
  if (kind === undefined) await writeFile(join(values.out, 'boxes.csv'), `${rows.boxes.join('\n')}\n`);
  process.stderr.write(`${count} films of kind ${kind ?? 'chest'} in ${values.out}\n`);
}

if (import.meta.main) await main();
