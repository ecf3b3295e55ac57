// The picture of the Secondary Capture: the film with its evidence map, and below it a strip that says what it is in both languages.
import { burnText, lineHeight, lineWidth } from '#image/burned-text.ts';
import type { IndexedPicture } from '#image/indexed-png.ts';

export interface PictureParts {
  /** Gray in [0, 1], as a person looks at it. */
  readonly film: { readonly columns: number; readonly rows: number; readonly values: Float32Array };
  /** Covers the whole film at any size. */
  readonly map?: IndexedPicture;
  /** One line each. */
  readonly words: readonly string[];
}

export interface RgbPicture {
  readonly columns: number;
  readonly rows: number;
  readonly rgb: Uint8Array;
}

/** Narrower than this, no sentence fits on a line. */
const NARROWEST = 512;
const MARGIN = 8;

/** Words over several lines where one is too long. */
function wrapped(words: string, scale: number, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && lineWidth(longer, scale) <= columns - 2 * MARGIN) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function layMap(picture: RgbPicture, film: PictureParts['film'], map: IndexedPicture): void {
  for (let row = 0; row < film.rows; row += 1) {
    const mapRow = Math.floor((row * map.rows) / film.rows) * map.columns;
    for (let column = 0; column < film.columns; column += 1) {
      const colour = 4 * map.indices[mapRow + Math.floor((column * map.columns) / film.columns)]!;
      const share = map.palette[colour + 3]! / 255;
      const at = 3 * (row * picture.columns + column);
      for (let channel = 0; channel < 3; channel += 1) {
        const gray = picture.rgb[at + channel]!;
        picture.rgb[at + channel] = gray + (map.palette[colour + channel]! - gray) * share;
      }
    }
  }
}

export function evidencePicture({ film, map, words }: PictureParts): RgbPicture {
  const columns = Math.max(film.columns, NARROWEST);
  const scale = columns >= 900 ? 2 : 1;
  const lines = words.flatMap((line) => wrapped(line, scale, columns));
  const rows = film.rows + 2 * MARGIN + lines.length * lineHeight(scale);
  const picture = { columns, rows, rgb: new Uint8Array(3 * columns * rows) };
  for (let row = 0; row < film.rows; row += 1) {
    for (let column = 0; column < film.columns; column += 1) {
      const gray = 255 * film.values[row * film.columns + column]!;
      const at = 3 * (row * columns + column);
      picture.rgb[at] = gray;
      picture.rgb[at + 1] = gray;
      picture.rgb[at + 2] = gray;
    }
  }
  if (map !== undefined) layMap(picture, film, map);
  for (const [line, text] of lines.entries())
    burnText(picture, text, { scale, left: MARGIN, top: film.rows + MARGIN + line * lineHeight(scale) });
  return picture;
}
