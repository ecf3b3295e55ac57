// Turns numbers nested by labels into a dense table. A label too many or too few is refused, so that no cell is ever a default.
import { riskErrors } from '#risk/errors.ts';

export interface Axis {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface Table {
  readonly axes: readonly Axis[];
  /** 1, or the length of the series in each cell. */
  readonly width: number;
  /** Cells in row-major order of the axes; within a cell the entries of its series. */
  readonly values: Float64Array;
}

export const cellCount = (axes: readonly Axis[]): number =>
  axes.reduce((product, axis) => product * axis.labels.length, 1);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function leafOf(value: unknown, where: string): readonly number[] {
  const numbers: unknown[] = Array.isArray(value) ? value : [value];
  return numbers.map((number) => {
    if (typeof number === 'number') return number;
    throw riskErrors.error('bad-equation', { field: where, reason: `${where} holds something that is no number` });
  });
}

/** Throws CareError `risk.bad-equation` naming the cell. */
export function denseTable(values: unknown, axes: readonly Axis[], where: string): Table {
  const cells: (readonly number[])[] = [];
  const walk = (node: unknown, depth: number, path: string): void => {
    const axis = axes[depth];
    if (axis === undefined) {
      cells.push(leafOf(node, path));
      return;
    }
    const fault = (what: string) => riskErrors.error('bad-equation', { field: path, reason: `${path}: ${what}` });
    if (!isRecord(node)) throw fault(`expected the labels of ${axis.name}`);
    const unknown = Object.keys(node).find((label) => !axis.labels.includes(label));
    if (unknown !== undefined) throw fault(`${axis.name} has no label ${unknown}`);
    for (const label of axis.labels) {
      if (!Object.hasOwn(node, label)) throw fault(`no value for ${axis.name} ${label}`);
      walk(node[label], depth + 1, `${path}.${label}`);
    }
  };
  walk(values, 0, where);
  const width = cells[0]?.length ?? 0;
  if (width === 0 || cells.some((cell) => cell.length !== width)) {
    throw riskErrors.error('bad-equation', { field: where, reason: `${where}: the lists differ in length` });
  }
  return { axes, width, values: Float64Array.from(cells.flat()) };
}

/** A coefficient: one number for all cells, or one per cell. */
export function denseCoefficient(value: unknown, axes: readonly Axis[], where: string): Float64Array {
  if (typeof value === 'number') return new Float64Array(cellCount(axes)).fill(value);
  return denseTable(value, axes, where).values;
}
