// Draws films with their heatmaps as small tiles on one PNG.
import sharp from 'sharp';

export interface SheetTile {
  /** PNG of the film; absent: an empty tile. */
  readonly film?: Uint8Array;
  /** Transparent PNG that covers the whole film. */
  readonly heatmap?: Uint8Array;
  /** Colour of the frame, as CSS writes it. */
  readonly frame: string;
  /** Written under the film, cut to the tile's width. */
  readonly lines: readonly string[];
}

export interface SheetOptions {
  readonly columns: number;
  /** Pixels of a tile's side, without the lines. */
  readonly side: number;
}

const GAP = 6;
const BORDER = 4;
const LINE_HEIGHT = 15;
const LETTER_WIDTH = 6.2;
const BACKGROUND = '#15181c';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? '');

/** Text needs a font on the machine; without one the tiles still say by their colour what they are. */
function label(lines: readonly string[], width: number): Buffer {
  const most = Math.floor(width / LETTER_WIDTH);
  const rows = lines.map((line, i) => {
    const short = line.length > most ? `${line.slice(0, most - 1)}…` : line;
    return `<text x="0" y="${(i + 1) * LINE_HEIGHT - 4}">${escaped(short)}</text>`;
  });
  const height = Math.max(1, lines.length) * LINE_HEIGHT;
  const style = 'font-family="sans-serif" font-size="11" fill="#d7dce2"';
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${style}>${rows.join('')}</svg>`,
  );
}

async function tilePicture(tile: SheetTile, side: number): Promise<Buffer> {
  const inner = side - 2 * BORDER;
  const fitted = (bytes: Uint8Array) => sharp(bytes).resize({ width: inner, height: inner, fit: 'inside' });
  const layers: { input: Buffer; gravity: 'centre' }[] = [];
  if (tile.film !== undefined) {
    const { data, info } = await fitted(tile.film).png().toBuffer({ resolveWithObject: true });
    layers.push({ input: data, gravity: 'centre' });
    if (tile.heatmap !== undefined) {
      const size = { width: info.width, height: info.height, fit: 'fill' } as const;
      layers.push({ input: await sharp(tile.heatmap).resize(size).png().toBuffer(), gravity: 'centre' });
    }
  }
  const black = await sharp({ create: { width: inner, height: inner, channels: 3, background: '#000' } })
    .composite(layers)
    .png()
    .toBuffer();
  return sharp(black)
    .extend({ top: BORDER, bottom: BORDER, left: BORDER, right: BORDER, background: tile.frame })
    .png()
    .toBuffer();
}

/** Tiles in reading order, `columns` in a row. */
export async function contactSheet(tiles: readonly SheetTile[], { columns, side }: SheetOptions): Promise<Buffer> {
  const lineCount = Math.max(0, ...tiles.map(({ lines }) => lines.length));
  const stepX = side + GAP;
  const stepY = side + GAP + lineCount * LINE_HEIGHT;
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const [i, tile] of tiles.entries()) {
    const [left, top] = [GAP + (i % columns) * stepX, GAP + Math.floor(i / columns) * stepY];
    layers.push({ input: await tilePicture(tile, side), left, top });
    if (tile.lines.length > 0) layers.push({ input: label(tile.lines, side), left, top: top + side + 2 });
  }
  const rows = Math.max(1, Math.ceil(tiles.length / columns));
  const width = GAP + Math.min(columns, Math.max(1, tiles.length)) * stepX;
  return sharp({ create: { width, height: GAP + rows * stepY, channels: 3, background: BACKGROUND } })
    .composite(layers)
    .png()
    .toBuffer();
}
