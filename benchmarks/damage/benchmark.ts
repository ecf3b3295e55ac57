// Damage inside coded pixels: the share of damaged films that is refused, by codec and by number of foreign bytes, when the whole film is decoded
// and when no more is decoded than a model needs; and how far from the true film those lie that pass. Prints a table; it measures no time.
// `npm run --silent benchmark:damage -- [--size 1024] [--tries 60]`.
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { frameStreams } from '#dicom/pixels/fragments.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { CareError } from '#kernel/errors.ts';
import { filmsOf, type Kind } from '../preread/films.ts';
import { readOptions } from '../options.ts';
import { quantile, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  size: { type: 'string', default: '1024' },
  tries: { type: 'string', default: '60' },
});
const [size, tries] = [Number(options.size), Number(options.tries)];

const SYNTAXES = ['jpeg-baseline', 'jpeg-lossless', 'jpeg-ls', 'jpeg-2000', 'htj2k', 'rle'] as const;
const FOREIGN = [1, 20, 400, 4096];
/** Twice the input of the model that ships: what the intake decodes. */
const NEEDED = { columns: 224, rows: 224 };

/** xorshift32: the same bytes in every run. */
function randomBytes(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
}

function damaged(film: Buffer, stream: Buffer, { index, count }: { index: number; count: number }): Buffer {
  const bytes = Buffer.from(film);
  // Behind the headers of the stream, which are checked word for word, and before its end marker.
  const start = Math.ceil(stream.length * 0.02) + 700;
  const at = start + Math.floor((index * (stream.length - start - count - 4)) / tries);
  const next = randomBytes(1000 * count + index + 1);
  const from = stream.byteOffset - film.byteOffset + at;
  for (let place = from; place < from + count; place++) bytes[place]! ^= next() || 1;
  return bytes;
}

async function valuesOf(bytes: Buffer, atLeast?: typeof NEEDED): Promise<Float32Array | undefined> {
  try {
    return (await grayFrame(parseDicom(bytes), atLeast === undefined ? {} : { atLeast })).values;
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

function meanDifference(values: Float32Array, whole: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.abs(values[at]! - whole[at]!);
  return (100 * sum) / values.length;
}

for (const syntax of SYNTAXES) {
  const kind: Kind = { name: syntax, syntax, bitsStored: syntax === 'jpeg-baseline' ? 8 : 12, size };
  const [drawn] = await filmsOf(kind, 1, 1);
  if (drawn === undefined) throw new Error('nothing drawn');
  const film = Buffer.from(drawn);
  const [stream] = frameStreams(parseDicom(film).dataSet, 1);
  const small = await valuesOf(film, NEEDED);
  if (stream === undefined || small === undefined) throw new Error(`${syntax} is refused undamaged`);
  for (const count of FOREIGN) {
    let [refusedWhole, refusedSmall] = [0, 0];
    const differences: number[] = [];
    for (let index = 0; index < tries; index++) {
      const bytes = damaged(film, stream, { index, count });
      if ((await valuesOf(bytes)) === undefined) refusedWhole++;
      const values = await valuesOf(bytes, NEEDED);
      if (values === undefined) refusedSmall++;
      else differences.push(meanDifference(values, small));
    }
    process.stdout.write(
      `${syntax.padEnd(14)} ${String(count).padStart(5)} foreign bytes of ${stream.length}: refused whole ${round((100 * refusedWhole) / tries, 0)} %, ` +
        `as far as a model needs ${round((100 * refusedSmall) / tries, 0)} %` +
        (differences.length === 0
          ? '\n'
          : `; those that pass differ by ${round(quantile(differences, 0.5), 3)} % of white, at most ${round(Math.max(...differences), 2)} %\n`),
    );
  }
}
