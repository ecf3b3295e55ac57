// Whether two files hold one picture: hashes of what they decode to, so that neither syntax nor wrapping counts.

export interface PictureIdentity {
  /** SHA-256 of the stored values, before any LUT, with their shape. */
  readonly pixels: string;
  /** SHA-256 of the first frame as it is shown: with another window the same pixels are another film to a reader. */
  readonly shown: string;
}
