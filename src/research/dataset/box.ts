// Radiologists' boxes, by which heatmaps are judged; a box that lies outside its picture is refused with its row.
import { type Fault, fault } from './fault.ts';
import type { DatasetData } from './schema.ts';
import { readCsv } from './table.ts';

/** In fractions of the picture. */
export interface ReaderBox {
  readonly file: string;
  readonly finding: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Who drew it. */
  readonly source: string;
}

export interface Boxes {
  readonly boxes: readonly ReaderBox[];
  readonly faults: readonly Fault[];
}

type BoxData = NonNullable<DatasetData['boxes']>;

/** A box may end on the picture's edge; rounding may put it a hair outside. */
const EDGE = 1e-3;

export function boxesOf(folder: string, data: BoxData | undefined, films: ReadonlySet<string>): Boxes {
  if (data === undefined) return { boxes: [], faults: [] };
  const { columns } = data;
  const table = readCsv(folder, data.file);
  // Boxes are extra: a data set without that file is judged without heatmaps.
  if (table.faults[0]?.code === 'table-missing') return { boxes: [], faults: [] };
  const faults: Fault[] = [...table.faults];
  for (const column of Object.values(columns).filter((name) => name !== undefined)) {
    if (table.columns.length > 0 && !table.columns.includes(column))
      faults.push(fault('column-missing', { file: data.file, row: 1, column, allowed: table.columns }));
  }
  if (faults.some(({ code }) => code === 'column-missing')) return { boxes: [], faults };
  const boxes = table.rows.flatMap(({ number, cells }): ReaderBox[] => {
    const place = { file: data.file, row: number };
    const film = cells[columns.file] ?? '';
    if (!films.has(film)) {
      faults.push(fault('box-without-film', { ...place, column: columns.file, value: film }));
      return [];
    }
    const numbers: Record<'x' | 'y' | 'width' | 'height', number> = { x: 0, y: 0, width: 0, height: 0 };
    for (const side of ['x', 'y', 'width', 'height'] as const) {
      const value = cells[columns[side]] ?? '';
      numbers[side] = value === '' ? Number.NaN : Number(value);
      const wrong = Number.isNaN(numbers[side])
        ? 'box-not-number'
        : numbers[side] < 0 || numbers[side] > 1
          ? 'box-outside'
          : undefined;
      if (wrong === undefined) continue;
      faults.push(fault(wrong, { ...place, column: columns[side], value }));
      return [];
    }
    const { x, y, width, height } = numbers;
    for (const [column, end] of [
      [columns.width, x + width],
      [columns.height, y + height],
    ] as const) {
      if (end <= 1 + EDGE) continue;
      faults.push(fault('box-outside', { ...place, column, value: String(end) }));
      return [];
    }
    const drawn = columns.source === undefined ? '' : (cells[columns.source] ?? '');
    const source = data.sources[drawn] ?? drawn;
    return [{ file: film, finding: cells[columns.finding] ?? '', x, y, width, height, source }];
  });
  return { boxes, faults };
}
