// The words of a search, folded as the column `study.search` is (0006-reading-order.sql), so that "nguyen duc" finds "NGUYỄN^ĐỨC".

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    // Only ASCII: how the database lower-cases other letters depends on its locale.
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** ASCII that is neither letter nor digit parts words. */
const BETWEEN = /[^0-9a-z\u0080-\u{10ffff}]+/u;
const LONGEST_WORD = 64;
const MOST_WORDS = 8;

export const searchWords = (text: string): string[] =>
  folded(text)
    .split(BETWEEN)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => word.slice(0, LONGEST_WORD));

/** Every word is the beginning of a word of the study; undefined where the text holds no word. No word holds a quote. */
export function searchQuery(text: string): string | undefined {
  const words = searchWords(text);
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
