// The means of the blocks of a DCT image, each coded as a difference from the one before: after damage they drift beyond black or white.
import { broken } from './fault.ts';
import type { Bits } from './bits.ts';
import { takeDifference } from './bits.ts';
import type { JpegStream, Scan } from './stream.ts';

export interface BlockMeans {
  /** Reads the difference of `size` bits for the component in this place of the scan. Throws JpegFault where the mean is no gray. */
  read(bits: Bits, place: number, size: number): void;
}

/** Encoders round, and some move the mean a little to save bits. */
const SLACK_STEPS = 3;

/** For one scan; a restart begins again at the middle gray (T.81 F.2.1.3.1). */
export function blockMeans({ frame, dcSteps }: Pick<JpegStream, 'frame' | 'dcSteps'>, scan: Scan): BlockMeans {
  const limits = scan.components.map(({ id }) => {
    const table = frame.components.find((component) => component.id === id)?.quantTable ?? -1;
    // Eight times the largest distance from the middle gray: the first coefficient of a block of 8 × 8.
    return 2 ** (frame.precision + 2) / Math.max(1, dcSteps.get(table) ?? 1) + SLACK_STEPS;
  });
  const means = new Int32Array(limits.length);
  let segment: Bits | undefined;
  return {
    read(bits, place, size) {
      if (segment !== bits) means.fill(0);
      segment = bits;
      means[place]! += takeDifference(bits, size);
      if (Math.abs(means[place]! << scan.low) > limits[place]! + (1 << scan.low)) {
        throw broken('the mean of a block is beyond black or white');
      }
    },
  };
}
