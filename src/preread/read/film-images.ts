// The work on pixels that would hold up an event loop: a port with two hosts, in this thread (CLI) or in worker threads (service).
import type { ClassMap } from '#explanation/class-map.ts';
import { type HeatmapSize, heatmapPng } from '#explanation/heatmap.ts';
import { encodeGrayPng } from '#image/picture.ts';
import { resizePlane } from '#tensor/resize.ts';
import { openImage } from '#preread/intake/image-facts.ts';
import { filmPixels } from './film-pixels.ts';
import { type PrepareSpec, type Prepared, prepareImage } from './prepare.ts';

export interface Film {
  readonly png: Uint8Array;
  readonly columns: number;
  readonly rows: number;
  readonly sourceColumns: number;
  readonly sourceRows: number;
}

export interface Pictures {
  /** Throws CareError of the dicom, image and tensor rooms: the file is not usable. */
  prepare(bytes: Buffer, spec: PrepareSpec): Promise<Prepared>;
  /** The film as a person looks at it, 8-bit gray, at most `longestSide` pixels. Throws as `prepare` does. */
  film(bytes: Buffer, longestSide: number): Promise<Film>;
  /** The stored values of a frame with what a viewer needs to show them (film-pixels.ts). Throws as `prepare` does. */
  pixels(bytes: Buffer, frame: number): Promise<Uint8Array>;
  /** A transparent PNG that covers the whole film. */
  heatmap(map: ClassMap, size: HeatmapSize): Promise<Uint8Array>;
  close(): Promise<void>;
}

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
  prepare: prepareImage,
  film: renderFilm,
  pixels: filmPixels,
  heatmap: heatmapPng,
  close: async () => {},
});
