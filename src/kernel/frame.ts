// One picture on its way from a file to a model: what the image and dicom rooms make and the tensor room takes.

/** A rectangle of whole or part pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/** What had to be done to show a picture that its tags do not ask for; the reader is told. */
export type FrameRemark = 'window-unusable';

/**
 * A gray picture ready to be looked at: modality LUT, VOI LUT and MONOCHROME1 are already applied.
 * `values` is row-major, rows × columns, in [0, 1]; 0 is black (air), 1 is white (bone) on a radiograph.
 * It may be decoded at a reduced resolution; `sourceColumns` × `sourceRows` is the full size in the file.
 */
export interface GrayFrame {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
  readonly sourceColumns: number;
  readonly sourceRows: number;
  /** What a display shutter shows, in pixels of the full size; outside it, and where else it hides, the values are black. */
  readonly shown?: Box;
  /** Height of a pixel over its width, in the file; 1 where absent. */
  readonly pixelAspect?: number;
  readonly remarks?: readonly FrameRemark[];
}

/** A dense float32 tensor, row-major; `shape` starts with the batch. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
