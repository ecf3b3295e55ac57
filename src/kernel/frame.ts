// One picture on its way from a file to a model: what the image and dicom rooms make and the tensor room takes.

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
}

/** A dense float32 tensor, row-major; `shape` starts with the batch. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
