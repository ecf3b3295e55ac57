// A model as the rest of the program may know it: its declared facts, checked against each other, and the files that hold its weights.
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '#kernel/ids.ts';
import type { ModelIdentity } from '#kernel/model-stage.ts';
import { modelErrors } from './errors.ts';
import type { Calibration, Golden, ModelManifest, Precision, Repeatability, Similarity } from './schema.ts';

/** Which library runs it; told by the file's ending. */
export type ModelFormat = 'onnx' | 'tfjs';

export interface ModelFile {
  readonly precision: Precision;
  readonly format: ModelFormat;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface Model {
  readonly manifest: ModelManifest;
  readonly calibration: Calibration;
  readonly golden: Golden;
  /** Absent: it was not measured how far an unchanged finding moves. */
  readonly repeatability?: Repeatability;
  /** Absent: it was not measured from which similarity on two films have something in common. */
  readonly similarity?: Similarity;
  /** Absolute path of models/<id>. */
  readonly folder: string;
  /** Without a precision the first that the model ships, the one that its card speaks of. Throws CareError `models.no-such-precision`. */
  file(precision?: Precision): ModelFile;
}

/** Whether a model is the version that a record names; an undefined part matches none. */
export const isVersion =
  ({ modelId, modelVersion }: { readonly [Part in keyof ModelIdentity]?: string | undefined }) =>
  ({ manifest }: Pick<Model, 'manifest'>): boolean =>
    manifest.id === modelId && manifest.version === modelVersion;

export function makeModel(
  parts: Pick<Model, 'manifest' | 'calibration' | 'golden' | 'repeatability' | 'similarity'>,
  folder: string,
): Model {
  const { manifest } = parts;
  return Object.freeze({
    ...parts,
    folder,
    file(precision?: Precision): ModelFile {
      const declared =
        precision === undefined ? manifest.files[0] : manifest.files.find((each) => each.precision === precision);
      if (declared === undefined)
        throw modelErrors.error('no-such-precision', {
          field: manifest.id,
          reason: `${manifest.id} has no ${precision ?? ''} file; it has ${manifest.files.map((each) => each.precision).join(', ')}`,
        });
      return {
        precision: declared.precision,
        format: declared.file.endsWith('.onnx') ? 'onnx' : 'tfjs',
        path: join(folder, declared.file),
        sha256: declared.sha256,
        bytes: declared.bytes,
      };
    },
  });
}

const weightsManifest = z.object({ weightsManifest: z.array(z.object({ paths: z.array(z.string()) })) });

/** True for a path that stays inside the folder that it is joined to. */
export const staysInside = (path: string): boolean => !isAbsolute(path) && !normalize(path).startsWith('..');

/** The parts of a model on disk: one for ONNX; for TensorFlow.js its model.json and then each file of weights that it names. */
async function readParts(file: ModelFile): Promise<Uint8Array[]> {
  const first = await readFile(file.path);
  if (file.format === 'onnx') return [first];
  const paths = weightsManifest
    .parse(JSON.parse(first.toString('utf8')))
    .weightsManifest.flatMap((group) => group.paths);
  if (!paths.every(staysInside)) throw new Error('a file of weights lies outside the folder of its model');
  return [first, ...(await Promise.all(paths.map((path) => readFile(join(dirname(file.path), path)))))];
}

/**
 * Reads the weights into memory and checks them: SHA-256 and size are over all parts, one after the other.
 * Throws CareError `models.unreadable` or `models.file-changed`.
 */
export async function readModelFile(file: ModelFile): Promise<readonly Uint8Array[]> {
  const parts = await readParts(file).catch((cause: unknown) => {
    throw modelErrors.error('unreadable', { field: file.path, reason: 'the file of weights cannot be read', cause });
  });
  const whole = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  if (whole.length !== file.bytes)
    throw modelErrors.error('file-changed', { reason: `${whole.length} bytes, declared ${file.bytes}` });
  const sha256 = sha256Hex(whole);
  if (sha256 !== file.sha256)
    throw modelErrors.error('file-changed', { reason: `SHA-256 ${sha256}, declared ${file.sha256}` });
  return parts;
}
