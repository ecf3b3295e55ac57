// The work on pixels that would hold up an event loop: a port with two hosts, in this thread (CLI) or in worker threads (service).
import type { GrayFrame } from '#kernel/frame.ts';
import type { ClassMap } from '#explanation/class-map.ts';
import { type HeatmapSize, heatmapPng } from '#explanation/heatmap.ts';
import { pictureIdentity } from '#dicom/pixels/picture-identity.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { encodeGrayPng } from '#image/picture.ts';
import type { PictureIdentity } from '#kernel/picture-identity.ts';
import { resizePlane } from '#tensor/resize.ts';
import { openImage } from '#preread/intake/image-facts.ts';
import { filmPixels } from './film-pixels.ts';
import { type Decoded, decodeImage, type PrepareSpec, type Prepared, prepareImage } from './prepare.ts';

export interface Film extends Pick<GrayFrame, 'columns' | 'rows' | 'sourceColumns' | 'sourceRows'> {
  readonly png: Uint8Array;
}

export interface Pictures {
  /** Throws CareError of the dicom and image rooms: the file is not usable. */
  decode(bytes: Buffer, spec: PrepareSpec): Promise<Decoded>;
  /** Throws as `decode` does, and CareError of the tensor room. */
  prepare(bytes: Buffer, spec: PrepareSpec): Promise<Prepared>;
  /** The film as a person looks at it, 8-bit gray, at most `longestSide` pixels. Throws as `prepare` does. */
  film(bytes: Buffer, longestSide: number): Promise<Film>;
  /** The stored values of a frame with what a viewer needs to show them (film-pixels.ts). Throws as `prepare` does. */
  pixels(bytes: Buffer, frame: number): Promise<Uint8Array>;
  /** Of a DICOM file, for the comparison with a resend. Throws CareError of the dicom room. */
  identity(bytes: Buffer): Promise<PictureIdentity>;
  /** A transparent PNG that covers the whole film. */
  heatmap(map: ClassMap, size: HeatmapSize): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Throws CareError of the dicom room. */
export const identify = async (bytes: Buffer): Promise<PictureIdentity> => pictureIdentity(parseDicom(bytes));

/** Never enlarged. */
export async function renderFilm(bytes: Buffer, longestSide: number): Promise<Film> {
  const frame = await openImage(bytes).gray({ columns: longestSide, rows: longestSide });
  const scale = Math.min(1, longestSide / Math.max(frame.columns, frame.rows));
  const columns = Math.max(1, Math.round(frame.columns * scale));
  const rows = Math.max(1, Math.round(frame.rows * scale));
  const plane = resizePlane(frame, columns, rows);
  return {
    png: await encodeGrayPng(plane),
    columns,
    rows,
    sourceColumns: frame.sourceColumns,
    sourceRows: frame.sourceRows,
  };
}

/** In this thread. */
export const inlinePictures: Pictures = Object.freeze({
  decode: decodeImage,
  prepare: prepareImage,
  film: renderFilm,
  pixels: filmPixels,
  identity: identify,
  heatmap: heatmapPng,
  close: async () => {},
});
