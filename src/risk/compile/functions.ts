// The functions of the equations' language as ONNX nodes: `logistic(x)`, `cox(lp, S0)`, `sum(series)`, …
import type { FunctionName } from '#risk/equation/expression/tree.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

/** Calls a function on numbers; where one is left out, 1 stands for it. */
export function callFunction(
  name: Exclude<FunctionName, 'if' | 'interpolate'>,
  numbers: readonly GraphValue[],
  { graph, math }: { readonly graph: GraphBuilder; readonly math: Arithmetic },
): GraphValue {
  const one = (): GraphValue => graph.scalar(1);
  const [a = one(), b = one(), c = one()] = numbers;
  switch (name) {
    case 'ln':
      return math.ln(a);
    case 'exp':
      return math.exp(a);
    case 'sqrt':
      return math.apply('Sqrt', a);
    case 'floor':
      return math.apply('Floor', a);
    case 'log2':
      return math.apply('Div', math.ln(a), graph.scalar(Math.LN2));
    case 'log10':
      return math.apply('Div', math.ln(a), graph.scalar(Math.LN10));
    case 'min':
      return math.apply('Min', a, b);
    case 'max':
      return math.apply('Max', a, b);
    case 'known':
      return math.not(math.isNaN(a));
    case 'given':
      return math.choose(math.isNaN(a), b, a);
    case 'sum':
      return graph.node('ReduceSum', [a, graph.integers([0])], {
        kind: 'number',
        attributes: { keepdims: { int: 0 } },
      });
    case 'before':
      return graph.node('CumSum', [a, graph.integers([0], [])], {
        kind: 'series',
        attributes: { exclusive: { int: 1 } },
      });
    case 'logistic':
      return math.apply('Div', one(), math.apply('Add', one(), math.exp(math.negative(a))));
    case 'cox':
      return math.apply('Sub', one(), math.apply('Pow', b, math.exp(a)));
    case 'recalibrate': {
      const cloglog = math.ln(math.negative(math.ln(math.apply('Sub', one(), a))));
      const shifted = math.apply('Add', b, math.apply('Mul', c, cloglog));
      return math.apply('Sub', one(), math.exp(math.negative(math.exp(shifted))));
    }
    default:
      return name satisfies never;
  }
}
