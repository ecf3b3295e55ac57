// Map from tensor coordinates back to the file's pixels, so that a heatmap lies over the finding that it explains.
import type { GrayFrame } from '#kernel/frame.ts';

/**
 * source = offset + scale × tensor, in pixels of the full-size image in the file; pixel centres are at half integers. A scale below 0
 * mirrors, and an offset leads past what was cut off before the tensor.
 */
export interface Trace extends Pick<GrayFrame, 'sourceColumns' | 'sourceRows'> {
  /** Size of the tensor's picture, after its rows and columns are exchanged back where `transposed`. */
  readonly columns: number;
  readonly rows: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  /** The tensor's rows are columns of the file. */
  readonly transposed?: boolean;
}
