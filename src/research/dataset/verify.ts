// Everything that can be wrong with a data set on disk, before a model is run on it: each row, and each file against its record.
import { createReadStream, existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, type DatasetOptions, readDataset } from './dataset.ts';
import { type Fault, fault } from './fault.ts';
import { type LabelledFilm, columnName } from './film.ts';

export interface Verified {
  readonly id: string;
  readonly films: number;
  readonly patients: number;
  readonly splits: Readonly<Record<string, number>>;
  readonly splitSha256: string;
  readonly faults: readonly Fault[];
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

async function fileFaults({ folder, data }: Dataset): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { path, sha256, bytes } of data.files) {
    const whole = join(folder, path);
    if (!existsSync(whole)) {
      faults.push(fault('file-missing', { file: path }));
      continue;
    }
    const { size } = await stat(whole);
    if (bytes !== undefined && size !== bytes) {
      faults.push(fault('file-changed', { file: path, value: `${size} bytes`, allowed: [`${bytes} bytes`] }));
    } else if (sha256 !== undefined) {
      const found = await sha256OfFile(whole);
      if (found !== sha256) faults.push(fault('file-changed', { file: path, value: found, allowed: [sha256] }));
    }
  }
  return faults;
}

/** The same bytes under two names, in two parts: what a model learnt from the one it would be judged on in the other. */
async function leakedFilms({ folder, films, data }: Dataset): Promise<Fault[]> {
  const first = new Map<string, LabelledFilm>();
  const faults: Fault[] = [];
  for (const film of films) {
    const sha256 = await sha256OfFile(join(folder, film.file)).catch(() => undefined);
    if (sha256 === undefined) continue;
    const known = first.get(sha256);
    if (known === undefined) first.set(sha256, film);
    else if (known.split !== film.split)
      faults.push(
        fault('film-in-other-part', {
          file: data.table !== undefined && 'file' in data.table ? data.table.file : film.file,
          row: film.row,
          column: columnName(data.columns.file),
          value: film.file,
          allowed: [`${known.file} (${known.split})`],
        }),
      );
  }
  return faults;
}

/** Throws CareError `evaluation.dataset` where nothing of the folder can be used. */
export async function verifyDataset(folder: string, options: DatasetOptions): Promise<Verified> {
  const dataset = await readDataset(folder, options);
  const { films, data, splitSha256 } = dataset;
  const splits: Record<string, number> = {};
  for (const { split } of films) splits[split] = (splits[split] ?? 0) + 1;
  return {
    id: data.id,
    films: films.length,
    patients: new Set(films.map(({ patientId }) => patientId)).size,
    splits,
    splitSha256,
    faults: [...dataset.faults, ...(await leakedFilms(dataset)), ...(await fileFaults(dataset))],
  };
}
