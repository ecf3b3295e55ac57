// A model.onnx of somebody else, read and made ready for surgery: weights inside the file, a free batch, one picture in.
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { modelErrors } from '#models/errors.ts';
import { staysInside } from '#models/model.ts';
import { withFreeBatch, withWeightsInside } from '#onnx/edit.ts';
import { type ReadOnnx, type ReadValue, readOnnx } from '#onnx/read.ts';

export interface GraphFile {
  readonly model: ReadOnnx;
  readonly input: ReadValue;
  readonly channels: number;
  /** Undefined where the graph takes any size. */
  readonly size: number | undefined;
  /** The output that holds the answer. */
  readonly output: string;
}

export const refused = (field: string, reason: string, cause?: unknown) =>
  modelErrors.error('not-importable', { field, reason, cause });

function externalWeights(
  file: string,
  { location = '', offset = '0', length }: Readonly<Record<string, string>>,
): Uint8Array {
  if (!staysInside(location)) throw refused(location, `the weights lie outside the model's folder: ${location}`);
  const path = join(dirname(file), location);
  if (!existsSync(path)) throw refused(location, `the file of weights ${location} does not lie beside ${file}`);
  if (length === undefined) return readFileSync(path).subarray(Number(offset));
  const bytes = Buffer.alloc(Number(length));
  const handle = openSync(path, 'r');
  try {
    if (readSync(handle, bytes, 0, bytes.length, Number(offset)) !== bytes.length)
      throw refused(location, `${location} ends before the weights that ${file} names`);
  } finally {
    closeSync(handle);
  }
  return bytes;
}

function parse(file: string, bytes: Uint8Array): ReadOnnx {
  try {
    return readOnnx(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refused(file, `${file} is no ONNX model: ${cause.message}`, cause);
  }
}

const FLOAT32 = 1;

function inputOf({ inputs }: ReadOnnx): ReadValue {
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0)
    throw refused(
      'inputs',
      `one picture is expected; the graph takes ${inputs.map(({ name }) => name).join(', ') || 'nothing'}`,
    );
  if (input.type !== FLOAT32)
    throw refused(input.name, `${input.name} is not float32; export the model with float32 inputs`);
  return input;
}

/** Throws CareError `models.not-importable` that says what to change at export. */
export function openGraphFile(file: string, wantedOutput?: string): GraphFile {
  if (!existsSync(file)) throw refused(file, `${file} is not there`);
  if (statSync(file).isDirectory()) throw refused(file, `${file} is a folder; name the file .onnx in it`);
  const whole = parse(file, readFileSync(file));
  let model = parse(
    file,
    withWeightsInside(whole, ({ external }) => externalWeights(file, external ?? {})),
  );
  const [batch] = inputOf(model).dims ?? [];
  if (typeof batch === 'number') {
    if (batch !== 1) throw refused('batch', `the batch is fixed to ${batch}; export the model with a free batch`);
    model = parse(file, withFreeBatch(model));
  }
  const input = inputOf(model);
  const [, channels, rows, columns] = input.dims ?? [];
  if (input.dims?.length !== 4 || (channels !== 1 && channels !== 3))
    throw refused(
      input.name,
      `${input.name} is ${input.dims?.join(' × ') ?? 'of unknown shape'}; batch × 1 or 3 channels × rows × columns is expected`,
    );
  if (typeof rows === 'number' && rows !== columns)
    throw refused(input.name, `${rows} × ${columns} pixels are no square`);
  const names = model.outputs.map(({ name }) => name);
  const output = wantedOutput ?? names[0];
  if (output === undefined || !names.includes(output))
    throw refused('--output', `the graph has no output ${output ?? ''}; it has ${names.join(', ')}`);
  return { model, input, channels, size: typeof rows === 'number' ? rows : undefined, output };
}
