// Encodes gray values in [0, 1] as an 8-bit gray PNG; the same values always give the same bytes.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export const toBytes = (gray: Float32Array): Uint8Array =>
  Uint8Array.from(gray, (value) => Math.max(0, Math.min(255, Math.round(value * 255))));

/** `pixels` row-major, one byte each. Filter 1 (difference to the left) suits films. */
export function grayPng(pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++) {
    const out = row * (width + 1);
    rows[out] = 1;
    let left = 0;
    for (let column = 0; column < width; column++) {
      const value = pixels[row * width + column]!;
      rows[out + 1 + column] = (value - left) & 255;
      left = value;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
