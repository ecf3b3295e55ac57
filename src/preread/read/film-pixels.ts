// A film for the viewer as one body: a JSON header, the table of brightness, then the 16-bit values, so that one request shows the
// original and every later window costs nothing on the service.
import { parseDicom } from '#dicom/read/parse.ts';
import { viewerFrame, type ViewerFrame } from '#dicom/pixels/viewer-frame.ts';
import { openImage } from '#preread/intake/image-facts.ts';

const LEVELS = 65_534;

/** PNG and JPEG have no window of their own: their gray is the value. */
async function pictureFrame(bytes: Buffer): Promise<ViewerFrame> {
  const { columns, rows, values } = await openImage(bytes).gray();
  const codes = Uint16Array.from(values, (value) => Math.round(value * LEVELS) + 1);
  const display = Uint8Array.from({ length: LEVELS + 2 }, (_, code) =>
    code === 0 ? 0 : Math.round(((code - 1) / LEVELS) * 255),
  );
  return {
    columns,
    rows,
    codes,
    first: 0,
    display,
    slope: 255 / LEVELS,
    intercept: 0,
    inverted: false,
    pixelAspect: 1,
  };
}

/** Little-endian: length of the header, header, table, padding to an even offset, values. */
function packed({ codes, display, ...facts }: ViewerFrame): Uint8Array {
  const header = Buffer.from(JSON.stringify({ ...facts, levels: display.length }));
  const tableAt = 4 + header.length;
  const valuesAt = tableAt + display.length + ((tableAt + display.length) % 2);
  const body = Buffer.alloc(valuesAt + codes.length * 2);
  body.writeUInt32LE(header.length, 0);
  body.set(header, 4);
  body.set(display, tableAt);
  const view = new DataView(body.buffer, body.byteOffset);
  for (let at = 0; at < codes.length; at++) view.setUint16(valuesAt + at * 2, codes[at]!, true);
  return body;
}

/** Throws CareError of the dicom and image rooms. */
export async function filmPixels(bytes: Buffer, frame: number): Promise<Uint8Array> {
  const { facts } = openImage(bytes);
  return packed(facts.format === 'dicom' ? await viewerFrame(parseDicom(bytes), frame) : await pictureFrame(bytes));
}
