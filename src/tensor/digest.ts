// A hash of a tensor that two builds of this program can compare.
import type { Tensor } from '#kernel/frame.ts';
import { sha256Hex } from '#kernel/ids.ts';

/** SHA-256 over the values in steps of 1/1000, half up, as little-endian int32: rounding forgives the last bits of another processor. */
export function tensorSha256({ data }: Tensor): string {
  const bytes = new DataView(new ArrayBuffer(data.length * 4));
  for (let i = 0; i < data.length; i += 1) bytes.setInt32(i * 4, Math.floor(data[i]! * 1000 + 0.5), true);
  return sha256Hex(new Uint8Array(bytes.buffer));
}
