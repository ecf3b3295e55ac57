// The one place where an embedding becomes SQL text and comes back: finite, of the right length, within half precision.
import { toSql } from 'pgvector';
import { storeErrors } from '#store/errors.ts';

/** Largest finite number in half precision, IEEE 754 binary16. */
const HALF_MAXIMUM = 65_504;

/** Throws CareError `store.wrong-dimensions`, and `store.not-finite` also for a vector without direction (all zero). */
export function toHalfvec(vector: Float32Array, dimensions: number): string {
  if (vector.length !== dimensions) {
    throw storeErrors.error('wrong-dimensions', { reason: `${vector.length} dimensions, ${dimensions} expected` });
  }
  let largest = 0;
  for (const value of vector) {
    // NaN fails every comparison, so it is asked for by name.
    if (Number.isNaN(value)) throw storeErrors.error('not-finite');
    largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0 || largest > HALF_MAXIMUM) {
    throw storeErrors.error('not-finite', { reason: `largest component ${largest} is not in (0, ${HALF_MAXIMUM}]` });
  }
  // toSql takes plain arrays only: a Float32Array would be written as an object.
  return String(toSql([...vector]));
}

export const fromHalfvec = (text: string): Float32Array => Float32Array.from(text.slice(1, -1).split(','), Number);
