// Compares two files by hashes of their decoded pictures, so that transfer syntax and wrapping do not count.

export interface PictureIdentity {
  /** SHA-256 of the stored values, before any LUT, with their shape. */
  readonly pixels: string;
  /** SHA-256 of the first frame as it is shown: with another window the same pixels are another film to a reader. */
  readonly shown: string;
}
