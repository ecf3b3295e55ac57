// The values of a film as the service sends them (film-pixels.ts), and the gray of each value under a window: arithmetic without a page.
export interface Spacing {
  readonly row: number;
  readonly column: number;
  readonly at: 'patient' | 'detector';
}

export interface FilmValues {
  readonly columns: number;
  readonly rows: number;
  /** 0 is no picture and always black; else the stored value is `code - 1 + first`. */
  readonly codes: Uint16Array;
  /** Gray by code as the file's own look-up tables say. */
  readonly display: Uint8Array;
  readonly first: number;
  readonly slope: number;
  readonly intercept: number;
  readonly window?: { readonly center: number; readonly width: number };
  readonly inverted: boolean;
  readonly spacing?: Spacing;
  readonly pixelAspect: number;
}

export interface Window {
  readonly center: number;
  readonly width: number;
}

type Header = Omit<FilmValues, 'codes' | 'display'> & { readonly levels: number };

const isHeader = (value: unknown): value is Header =>
  typeof value === 'object' && value !== null && 'columns' in value && 'rows' in value && 'levels' in value;

/** Throws where the body is not whole: a part of a film is no film. */
export function readFilm(body: ArrayBuffer): FilmValues {
  const bytes = new Uint8Array(body);
  const length = new DataView(body).getUint32(0, true);
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (!isHeader(header)) throw new Error('the film has no header');
  const { levels, ...facts } = header;
  const tableAt = 4 + length;
  const valuesAt = tableAt + levels + ((tableAt + levels) % 2);
  if (body.byteLength !== valuesAt + facts.columns * facts.rows * 2) throw new Error('the film is not whole');
  return {
    ...facts,
    display: bytes.subarray(tableAt, tableAt + levels),
    codes: new Uint16Array(body, valuesAt, facts.columns * facts.rows),
  };
}

/** In the units of window and level. */
export const valueOf = (film: FilmValues, code: number): number =>
  (code - 1 + film.first) * film.slope + film.intercept;

/** The window that the film opens with: its own, else what its table of brightness spans. */
export function firstWindow(film: FilmValues): Window {
  if (film.window !== undefined) return film.window;
  const { display } = film;
  let [dark, bright] = [1, display.length - 1];
  const isDark = (code: number): boolean => (film.inverted ? display[code] === 255 : display[code] === 0);
  const isBright = (code: number): boolean => (film.inverted ? display[code] === 0 : display[code] === 255);
  while (dark < bright && isDark(dark + 1)) dark += 1;
  while (bright > dark && isBright(bright - 1)) bright -= 1;
  const [low, high] = [valueOf(film, dark), valueOf(film, bright)];
  return { center: (low + high) / 2, width: Math.max(1, Math.abs(high - low)) };
}

/** Gray by code. Without a window the file's own tables; `flipped` shows the negative. Code 0 stays black. */
export function grayTable(
  film: FilmValues,
  { window, flipped }: { readonly window: Window | undefined; readonly flipped: boolean },
): Uint8Array {
  const table = new Uint8Array(film.display.length);
  const dark = window === undefined ? flipped : flipped !== film.inverted;
  for (let code = 1; code < table.length; code++) {
    // DICOM's linear window, PS3.3 C.11.2.1.2.1.
    const gray =
      window === undefined
        ? film.display[code]!
        : ((valueOf(film, code) - (window.center - 0.5)) / Math.max(1, window.width - 1) + 0.5) * 255;
    const bounded = Math.min(255, Math.max(0, gray));
    table[code] = dark ? 255 - bounded : bounded;
  }
  return table;
}
