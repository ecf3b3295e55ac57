// Looks up tables of an equation: the labels of a person name one cell.
import { cellCount, type Axis, type Table } from '#risk/equation/table.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

export interface Cells {
  /** Row-major cell number over the axes, int64 [batch]. A value outside of every cell reads cell 0, and the validity at the outputs undoes that. */
  indexOf(axes: readonly Axis[]): GraphValue;
  valueOf(table: Table): GraphValue;
}

/** `placeOf` gives the person's place along an axis, as a number. */
export function createCells(graph: GraphBuilder, placeOf: (axis: Axis) => GraphValue): Cells {
  const number = (op: string, ...inputs: readonly GraphValue[]): GraphValue =>
    graph.node(op, inputs, { kind: 'number' });

  function indexOf(axes: readonly Axis[]): GraphValue {
    let index: GraphValue | undefined;
    for (const axis of axes) {
      const place = placeOf(axis);
      index =
        index === undefined ? place : number('Add', number('Mul', index, graph.scalar(axis.labels.length)), place);
    }
    const at = index ?? graph.scalar(0);
    const inside = [
      graph.node('GreaterOrEqual', [at, graph.scalar(0)], { kind: 'truth' }),
      graph.node('Less', [at, graph.scalar(cellCount(axes))], { kind: 'truth' }),
    ];
    const safe = number('Where', graph.node('And', inside, { kind: 'truth' }), at, graph.scalar(0));
    return graph.node('Cast', [safe], { kind: 'index', attributes: { to: { int: 7 } } });
  }

  return {
    indexOf,
    valueOf({ axes, width, values }) {
      const index = indexOf(axes);
      const cells = cellCount(axes);
      if (width === 1) return number('Gather', graph.constant(values, [cells]), index);
      // A series lies along the first dimension, so the table is turned: [width, cells].
      const turned = values.map((_, at) => values[(at % cells) * width + Math.floor(at / cells)] ?? Number.NaN);
      const table = graph.constant(turned, [width, cells]);
      return graph.node('Gather', [table, index], { kind: 'series', attributes: { axis: { int: 1 } } });
    },
  };
}
