// Does a heatmap point where the radiologist drew? The pointing game and the deletion and insertion curves, as figures with intervals.
import type { ReaderBox } from '#research/dataset/box.ts';
import { FEWEST_CASES, type Figure } from './figures.ts';
import { type Interval, patientBootstrap, patientShare } from '#research/statistics/bootstrap.ts';

/** One film and finding: the map's strongest point, in fractions of the picture, against the boxes drawn for it. */
export interface Pointed {
  readonly patientId: string;
  readonly source: string;
  /** The head whose map it is. */
  readonly finding: string;
  readonly x: number;
  readonly y: number;
  readonly boxes: readonly ReaderBox[];
}

/** Pointing game (Zhang 2016) without tolerance: the strongest point lies in one of the boxes. */
export const hits = ({ x, y, boxes }: Pointed): boolean =>
  boxes.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);

/** What a point set down blindly would hit: the share of the picture that the boxes cover, overlaps counted once. */
export function coveredShare(boxes: readonly ReaderBox[]): number {
  const side = 100;
  let inside = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column + 0.5) / side, (row + 0.5) / side];
      if (boxes.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height))
        inside += 1;
    }
  }
  return inside / (side * side);
}

export interface CurvePoint {
  readonly patientId: string;
  readonly finding: string;
  readonly deletion: number;
  readonly insertion: number;
}

const mean = (values: readonly number[]) => (weights: Float64Array) => {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * (values[i] ?? 0);
    total += weights[i]!;
  }
  return sum / total;
};

type Row = Omit<Figure, 'value' | 'lower' | 'upper' | 'n' | 'positives'>;

function figure(row: Row, patients: readonly string[], intervalOf: () => Interval): Figure {
  const base = { ...row, n: patients.length, positives: patients.length };
  if (patients.length < FEWEST_CASES)
    return { ...base, value: null, lower: null, upper: null, note: `too few: ${patients.length} films` };
  return { ...base, ...intervalOf() };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([left], [right]) => left.localeCompare(right));
}

/** Per source of the boxes and head; the note says what chance would give. */
export function pointingFigures(pointed: readonly Pointed[]): Figure[] {
  return grouped(pointed, ({ source, finding }) => `${source}\n${finding}`).map(([key, group]) => {
    const [source = '', finding = ''] = key.split('\n');
    const chance = group.reduce((sum, { boxes }) => sum + coveredShare(boxes), 0) / group.length;
    const row = {
      source,
      finding,
      metric: 'pointing-game',
      note: `a point set blindly would hit ${chance.toFixed(3)}`,
    };
    const hit = group.map(hits);
    const patients = group.map(({ patientId }) => patientId);
    return figure(row, patients, () =>
      patientShare(
        hit,
        hit.map(() => true),
        { patients },
      ),
    );
  });
}

export function curveFigures(points: readonly CurvePoint[]): Figure[] {
  return grouped(points, ({ finding }) => finding).flatMap(([finding, group]) => {
    const patients = group.map(({ patientId }) => patientId);
    return (['deletion', 'insertion'] as const).map((metric) =>
      figure({ source: 'all', finding, metric }, patients, () =>
        patientBootstrap(mean(group.map((point) => point[metric])), { patients }),
      ),
    );
  });
}
