// Value representation of an element that names none (implicit VR).
import type { Element } from './element.ts';
import { TAGS_BY_VR } from './dictionary-data.ts';

const VR_BY_TAG: ReadonlyMap<number, string> = new Map(
  Object.entries(TAGS_BY_VR).flatMap(([vr, tags]) =>
    tags
      .trim()
      .split(/\s+/)
      .map((tag) => [Number.parseInt(tag, 16), vr] as const),
  ),
);

/** As the file says, else as the standard says; `UN` for private and unknown elements. Group lengths are UL. */
export function vrOf({ tag, vr, items }: Pick<Element, 'tag' | 'vr' | 'items'>): string {
  if (vr !== undefined && vr !== 'UN') return vr;
  if (items !== undefined) return 'SQ';
  return VR_BY_TAG.get(tag) ?? ((tag & 0xffff) === 0 ? 'UL' : 'UN');
}
