// Prepares an image for the model: facts, tensor, the way back to the film, and how much structure it has.
import type { Box, FrameRemark, GrayFrame, Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';
import type { PreprocessingStep } from '#tensor/steps.ts';
import { contentOf } from '#tensor/border.ts';
import { cutOut, UPRIGHT, wholeFrame } from '#tensor/placement.ts';
import type { Plane } from '#tensor/resize.ts';
import { toTensor } from '#tensor/to-tensor.ts';
import type { Trace } from '#tensor/trace.ts';
import { type AtLeast, type ImageFacts, openImage } from '#preread/intake/image-facts.ts';

export interface PrepareSpec {
  readonly steps: readonly PreprocessingStep[];
  /** Decode no finer than is needed for this. */
  readonly atLeast: AtLeast;
}

export type PreparedRemark = FrameRemark | 'shutter-applied' | 'border-cut' | 'turned-upright';

/** An image whose pixels were decoded without a fault. */
export interface Decoded {
  readonly facts: ImageFacts;
  readonly sourceColumns: number;
  readonly sourceRows: number;
}

export interface Prepared extends Decoded {
  readonly tensor: Tensor;
  readonly trace: Trace;
  /** What of the film the tensor was made of, in pixels of the film: inside its shutter, and inside a border that is no anatomy. */
  readonly content: Box;
  /** What was done that the tags do not ask for, or that the reader shall know. */
  readonly remarks: readonly PreparedRemark[];
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
export function structureOf({ columns, rows, values }: Plane): number {
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

/** The whole pixels of a frame inside a box that is given in pixels of the file. */
function boxIn({ columns, rows, sourceColumns, sourceRows }: GrayFrame, box: Box): Box {
  const [x, y] = [columns / sourceColumns, rows / sourceRows];
  const left = Math.min(Math.ceil(box.left * x), columns - 1);
  const top = Math.min(Math.ceil(box.top * y), rows - 1);
  return {
    left,
    top,
    columns: Math.max(1, Math.floor((box.left + box.columns) * x) - left),
    rows: Math.max(1, Math.floor((box.top + box.rows) * y) - top),
  };
}

/** In pixels of the frame: inside the shutter, and inside a plain border. */
function contentBox(frame: GrayFrame): Box {
  return contentOf(frame, frame.shown === undefined ? wholeFrame(frame) : boxIn(frame, frame.shown));
}

/** A border of less than this is at the edge of many films and is not worth a word. */
const TOLD_BORDER = 0.15;

function remarksOf(facts: ImageFacts, frame: GrayFrame, box: Box): readonly PreparedRemark[] {
  const within = frame.shown === undefined ? wholeFrame(frame) : boxIn(frame, frame.shown);
  const left = (box.columns * box.rows) / (within.columns * within.rows);
  const isShut = within.columns * within.rows < 0.98 * frame.columns * frame.rows;
  return [
    ...(frame.remarks ?? []),
    ...(isShut ? (['shutter-applied'] as const) : []),
    ...(left < 1 - TOLD_BORDER ? (['border-cut'] as const) : []),
    ...(facts.turn === undefined ? [] : (['turned-upright'] as const)),
  ];
}

/** Throws CareError of the tensor room. */
export function preparedFrom(facts: ImageFacts, frame: GrayFrame, { steps }: PrepareSpec): Prepared {
  const box = contentBox(frame);
  const { tensor, trace } = toTensor(frame, steps, { box, turn: facts.turn ?? UPRIGHT });
  const { sourceColumns, sourceRows } = frame;
  const [x, y] = [sourceColumns / frame.columns, sourceRows / frame.rows];
  return {
    facts,
    sourceColumns,
    sourceRows,
    tensor,
    trace,
    content: { left: box.left * x, top: box.top * y, columns: box.columns * x, rows: box.rows * y },
    remarks: remarksOf(facts, frame, box),
    structure: structureOf(cutOut(frame, box)),
  };
}

/** The size at which the content of a frame is as fine as asked for; undefined where it is, or where the file has no more. */
function finerSize(frame: GrayFrame, { columns, rows }: AtLeast): AtLeast | undefined {
  if (frame.columns >= frame.sourceColumns && frame.rows >= frame.sourceRows) return undefined;
  const box = contentBox(frame);
  if (box.columns >= columns * ENOUGH && box.rows >= rows * ENOUGH) return undefined;
  return {
    columns: Math.ceil((frame.columns * columns) / Math.min(box.columns, columns)),
    rows: Math.ceil((frame.rows * rows) / Math.min(box.rows, rows)),
  };
}

/** A content this much coarser than asked for is still averaged by the model's first step. */
const ENOUGH = 0.9;

/** As `prepareImage` decodes it, without a tensor. Throws CareError of the dicom and image rooms. */
export async function decodeImage(bytes: Buffer, { atLeast }: PrepareSpec): Promise<Decoded> {
  const { facts, gray } = openImage(bytes);
  const { sourceColumns, sourceRows } = await gray(atLeast);
  return { facts, sourceColumns, sourceRows };
}

/** Throws CareError of the dicom, image and tensor rooms. */
export async function prepareImage(bytes: Buffer, spec: PrepareSpec): Promise<Prepared> {
  const image = openImage(bytes);
  const frame = await image.gray(spec.atLeast);
  const finer = finerSize(frame, spec.atLeast);
  return preparedFrom(image.facts, finer === undefined ? frame : await image.gray(finer), spec);
}
