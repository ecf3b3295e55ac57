// `haidang dicom decode FILE… --json`: DICOM files → one line each with the stored pixels' figures, or why the file is refused.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import type { StoredPixels } from '#dicom/pixels/stored-values.ts';
import { CareError } from '#kernel/errors.ts';
import { resolveUserPath } from '#cli/paths.ts';

interface Decoded {
  readonly file: string;
  readonly outcome: 'decoded';
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sha1: string;
}

interface Refused {
  readonly file: string;
  readonly outcome: 'refused';
  readonly code: string;
  readonly reason: string;
}

/** Figures over all values; the SHA-1 is over them in little-endian order. */
function figuresOf(pixels: StoredPixels): Omit<Decoded, 'file' | 'outcome'> {
  const { rows, columns, frames, samples, type, values } = pixels;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  // Node runs on little-endian machines only, so the array's own bytes are in that order.
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  return { rows, columns, frames, samples, type, min, max, mean: sum / values.length, sha1 };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(resolveUserPath(file));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw dicomErrors.error('unreadable', { reason: `the file cannot be opened (${code})`, cause });
  }
}

async function decodeFile(file: string): Promise<Decoded | Refused> {
  try {
    const pixels = await decodeStored(parseDicom(await read(file)));
    return { file, outcome: 'decoded', ...figuresOf(pixels) };
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return { file, outcome: 'refused', code: error.code, reason: error.reason };
  }
}

function inWords(result: Decoded | Refused): string {
  if (result.outcome === 'refused') return `${result.file}\n  refused  ${result.code}: ${result.reason}`;
  const { file, rows, columns, frames, samples, type, min, max, mean, sha1 } = result;
  const size = `${columns} × ${rows}${samples === 1 ? '' : ` × ${samples}`}${frames === 1 ? '' : `, ${frames} frames`}`;
  return `${file}\n  decoded  ${size}  ${type}  ${min} … ${max}, mean ${mean.toFixed(2)}  sha1 ${sha1.slice(0, 16)}`;
}

export function addDicomCommands(program: Command): void {
  program
    .command('dicom')
    .description('look into DICOM files')
    .command('decode')
    .description('decode the stored pixel values and print their figures')
    .argument('<files...>', 'DICOM files')
    .option('--json', 'one JSON line per file')
    .action(async (files: readonly string[], { json }: { readonly json?: boolean }) => {
      for (const file of files) {
        const result = await decodeFile(file);
        process.stdout.write(`${json === true ? JSON.stringify(result) : inWords(result)}\n`);
        if (result.outcome === 'refused') process.exitCode = 1;
      }
    });
}
