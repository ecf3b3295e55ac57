// An image file comes in; what the model needs of it goes out: facts, tensor, the way back to the film, and how much structure it has.
import type { GrayFrame, Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';
import type { PreprocessingStep } from '#tensor/steps.ts';
import { toTensor } from '#tensor/to-tensor.ts';
import type { Trace } from '#tensor/trace.ts';
import { type AtLeast, type ImageFacts, openImage } from '#preread/intake/image-facts.ts';

export interface PrepareSpec {
  readonly steps: readonly PreprocessingStep[];
  /** Decode no finer than is needed for this. */
  readonly atLeast: AtLeast;
}

export interface Prepared {
  readonly facts: ImageFacts;
  readonly sourceColumns: number;
  readonly sourceRows: number;
  readonly tensor: Tensor;
  readonly trace: Trace;
  /** Standard deviation over a coarse grid of means, in gray levels of [0, 1]: what is left of a picture without its noise. */
  readonly structure: number;
}

/** Twice the first size that the model resizes to: finer detail is averaged away by its first step. */
export function specFor(manifest: ModelManifest): PrepareSpec {
  const first = manifest.preprocessing.find((step) => step.step === 'resize');
  const { columns, rows } = first ?? manifest.input;
  return { steps: manifest.preprocessing, atLeast: { columns: 2 * columns, rows: 2 * rows } };
}

const GRID = 16;

/** Noise averages out in a cell of a sixteenth of the film; ribs, lungs and heart do not. */
export function structureOf({ columns, rows, values }: GrayFrame): number {
  const sums = new Float64Array(GRID * GRID);
  const counts = new Float64Array(GRID * GRID);
  const cellOf = Uint8Array.from({ length: columns }, (_, column) => Math.floor((column * GRID) / columns));
  for (let row = 0; row < rows; row++) {
    const line = Math.floor((row * GRID) / rows) * GRID;
    for (let column = 0; column < columns; column++) {
      const cell = line + cellOf[column]!;
      sums[cell]! += values[row * columns + column]!;
      counts[cell]! += 1;
    }
  }
  const means = [...sums].map((sum, cell) => sum / Math.max(1, counts[cell] ?? 1));
  const mean = means.reduce((total, value) => total + value, 0) / means.length;
  return Math.sqrt(means.reduce((total, value) => total + (value - mean) ** 2, 0) / means.length);
}

/** Throws CareError of the tensor room. */
export function preparedFrom(facts: ImageFacts, frame: GrayFrame, { steps }: PrepareSpec): Prepared {
  const { tensor, trace } = toTensor(frame, steps);
  const { sourceColumns, sourceRows } = frame;
  return { facts, sourceColumns, sourceRows, tensor, trace, structure: structureOf(frame) };
}

/** Throws CareError of the dicom, image and tensor rooms. */
export async function prepareImage(bytes: Buffer, spec: PrepareSpec): Promise<Prepared> {
  const image = openImage(bytes);
  return preparedFrom(image.facts, await image.gray(spec.atLeast), spec);
}
