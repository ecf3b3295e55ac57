// Matches what a site wrote against the table of site words: whole words, without marks, case and punctuation, never parts of words.
import {
  AP_WORDS,
  CHEST_WORDS,
  EMPTY_WORDS,
  LATERAL_WORDS,
  MODALITY_WORDS,
  OTHER_PART_WORDS,
  OTHER_VIEW_WORDS,
  PA_WORDS,
  POSTURE_WORDS,
} from './site-words.ts';

/** `Ngực (thẳng)` → ` NGUC THANG `, with a space at both ends so that a word is found as a whole. */
function plain(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[đĐ]/g, 'D').toUpperCase();
  return ` ${letters.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

const withoutSpaces = (words: string): string => words.replaceAll(' ', '');

/** A whole word of the text, or all of it written in one: `LONGNGUC`. */
const hasAny = (words: string, list: readonly string[]): boolean =>
  list.some((word) => words.includes(` ${word} `) || withoutSpaces(word) === withoutSpaces(words));

/** What is left of `words` once every entry of the lists is taken out; empty where nothing is. */
function without(words: string, lists: readonly (readonly string[])[]): string {
  // The longest first, so that `TU THE` goes before a part of it could.
  const entries = lists.flat().toSorted((a, b) => b.length - a.length);
  let left = words;
  for (const word of entries) left = left.replaceAll(` ${word} `, '  ');
  return left.trim();
}

/** `CHESTPA` and `APSUPINE` are written in one by some consoles. */
const unglued = (words: string): string =>
  words
    .replaceAll(/ (CHEST|THORAX|TORAX|NGUC|PHOI)(PA|AP|LAT) /g, ' $1 $2 ')
    .replaceAll(/ (PA|AP)(CHEST|ERECT|SUPINE|PORTABLE|STANDING|UPRIGHT|SITTING) /g, ' $1 $2 ');

/** A plain radiograph's defined term for the words that sites use; any other modality as it is written, in capitals. */
export function modalityOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : (MODALITY_WORDS[plain(written).trim()] ?? written.toUpperCase());
}

const isChest = (words: string): boolean => hasAny(words, CHEST_WORDS) && !hasAny(words, OTHER_PART_WORDS);

/** `CHEST` for every word for it, undefined for words that say nothing, and any other part as it is written, in capitals. */
export function bodyPartOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const words = unglued(plain(written));
  if (isChest(words)) return 'CHEST';
  return without(words, [EMPTY_WORDS]) === '' ? undefined : written.toUpperCase();
}

/** `CHEST` where a description names the chest and no other part. */
export const chestOfDescription = (text: string | undefined): string | undefined =>
  text !== undefined && isChest(unglued(plain(text))) ? 'CHEST' : undefined;

type View = 'PA' | 'AP' | 'LATERAL';

/** The views that the words name, or `other` where one of them is none of these. */
function viewsIn(words: string): ReadonlySet<View> | 'other' {
  if (hasAny(words, OTHER_VIEW_WORDS)) return 'other';
  const found = new Set<View>();
  if (hasAny(words, PA_WORDS)) found.add('PA');
  if (hasAny(words, AP_WORDS)) found.add('AP');
  if (hasAny(words, LATERAL_WORDS)) found.add('LATERAL');
  return found;
}

/**
 * `PA` or `AP` where View Position names this direction alone, undefined where it names none (a posture, or nothing), and any other
 * view as it is written, in capitals.
 */
export function viewPositionOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const words = unglued(plain(written));
  const views = viewsIn(words);
  const [only, more] = views === 'other' ? [] : views;
  if (more === undefined && (only === 'PA' || only === 'AP')) return only;
  if (views !== 'other' && views.size === 0 && without(words, [POSTURE_WORDS, CHEST_WORDS, EMPTY_WORDS]) === '') {
    return undefined;
  }
  return written.toUpperCase();
}

/** The one view that a description names; undefined where it names none, several, or one that is none of these. */
export function viewOfDescription(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const views = viewsIn(unglued(plain(text)));
  const [only, more] = views === 'other' ? [] : views;
  return more === undefined ? only : undefined;
}
