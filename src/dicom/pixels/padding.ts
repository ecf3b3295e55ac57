// Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2) → which stored values are no part of the picture.
import { type DataSet, has, shorts } from '#dicom/read/element.ts';

export type IsPadding = (stored: number) => boolean;

const VALUE = 0x00280120;
const LIMIT = 0x00280121;

export function paddingOf(set: DataSet, { signed }: { readonly signed: boolean }): IsPadding | undefined {
  if (!has(set, VALUE)) return undefined;
  const [value] = shorts(set, VALUE, { signed });
  const [limit = value] = shorts(set, LIMIT, { signed });
  if (value === undefined || limit === undefined) return undefined;
  const lowest = Math.min(value, limit);
  const highest = Math.max(value, limit);
  return (stored) => stored >= lowest && stored <= highest;
}
