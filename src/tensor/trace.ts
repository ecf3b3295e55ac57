// How tensor coordinates map back to the file's pixels, so that a heatmap lies where the film shows it.

/** source = offset + scale × tensor, in pixels of the full-size image in the file; pixel centres are at half integers. */
export interface Trace {
  readonly sourceColumns: number;
  readonly sourceRows: number;
  /** Size of the tensor's picture. */
  readonly columns: number;
  readonly rows: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
}
