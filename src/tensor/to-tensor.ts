// Makes the tensor that a model takes by the steps that it declares, and keeps the way back to the pixels of the film.
import type { Box, GrayFrame, Tensor } from '#kernel/frame.ts';
import { tensorErrors } from './errors.ts';
import { type Plane, resizePlane } from './resize.ts';
import type { PreprocessingStep } from './steps.ts';
import { cutOut, type Placement, traceOf, turned, UPRIGHT, wholeFrame } from './placement.ts';
import type { Trace } from './trace.ts';

export interface TracedTensor {
  /** 1 × channels × rows × columns. */
  readonly tensor: Tensor;
  readonly trace: Trace;
}

function mapped(plane: Plane, shift: number, divisor: number): Plane {
  const values = new Float32Array(plane.values.length);
  for (let i = 0; i < values.length; i += 1) values[i] = (plane.values[i]! - shift) / divisor;
  return { ...plane, values };
}

/** The largest square in the middle of what is shown. */
function centreSquare({ left, top, columns, rows }: Box): Box {
  const side = Math.min(columns, rows);
  return {
    left: left + Math.floor((columns - side) / 2),
    top: top + Math.floor((rows - side) / 2),
    columns: side,
    rows: side,
  };
}

function standardised(plane: Plane, floor: number): Plane {
  const { values } = plane;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += (values[i]! - mean) ** 2;
  return mapped(plane, mean, Math.max(Math.sqrt(squares / values.length), floor));
}

function checkFrame(frame: GrayFrame): void {
  const { columns, rows, values } = frame;
  if (!(columns >= 1 && rows >= 1) || values.length !== columns * rows)
    throw tensorErrors.error('bad-frame', { reason: `${columns} × ${rows} with ${values.length} values` });
  // One NaN would spread over the whole standardised tensor and come out as a finding.
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i]!)) throw tensorErrors.error('bad-frame', { reason: `value ${i} is not a number` });
  }
}

/**
 * Cuts and turns the frame as `placement` says, then runs the steps in the order written, in float32 with sums in float64.
 * Throws CareError `tensor.bad-frame` for a frame whose size and values disagree or that holds a value that is not finite,
 * and `tensor.bad-steps` for steps after `repeat-channel` and for a crop that is not the first step.
 */
export function toTensor(
  frame: GrayFrame,
  steps: readonly PreprocessingStep[],
  wanted: Placement = { box: wholeFrame(frame), turn: UPRIGHT },
): TracedTensor {
  checkFrame(frame);
  // A square in the middle is the same one however the film is turned.
  const placement = steps[0]?.step === 'crop' ? { ...wanted, box: centreSquare(wanted.box) } : wanted;
  let plane: Plane = turned(cutOut(frame, placement.box), placement.turn);
  let channels = 0;
  let [means, deviations]: [readonly number[], readonly number[]] = [[], []];
  for (const [place, step] of steps.entries()) {
    if (channels > 0) throw tensorErrors.error('bad-steps', { reason: `${step.step} after repeat-channel` });
    switch (step.step) {
      case 'resize':
        plane = resizePlane(plane, step.columns, step.rows);
        break;
      case 'standardise':
        plane = standardised(plane, step.floor);
        break;
      case 'normalise':
        plane = mapped(plane, step.mean, step.deviation);
        break;
      case 'crop':
        if (place > 0) throw tensorErrors.error('bad-steps', { reason: 'a crop is not the first step' });
        break;
      case 'repeat-channel':
        channels = step.channels;
        means = step.means ?? [];
        deviations = step.deviations ?? [];
        break;
      default:
        step satisfies never;
    }
  }
  const { columns, rows } = plane;
  const copies = Math.max(channels, 1);
  const data = new Float32Array(copies * plane.values.length);
  for (let copy = 0; copy < copies; copy += 1) {
    const { values } = mapped(plane, means[copy] ?? 0, deviations[copy] ?? 1);
    data.set(values, copy * plane.values.length);
  }
  return {
    tensor: { shape: [1, copies, rows, columns], data },
    // Every resize squeezes the whole picture, so only the first and the last size count.
    trace: traceOf(frame, placement, plane),
  };
}
