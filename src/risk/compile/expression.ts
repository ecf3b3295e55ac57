// Compiles an expression's tree to ONNX nodes. Truths become numbers (1, 0) where they are counted with.
import { riskErrors } from '#risk/errors.ts';
import type { Expression, FunctionName, Operator } from '#risk/equation/expression/tree.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

export interface CompileScope {
  value(name: string): GraphValue;
  level(name: string, code: string): number;
  curve(name: string): { readonly x: readonly number[]; readonly y: readonly number[] };
}

const ARITHMETIC: Partial<Record<Operator, string>> = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div', '^': 'Pow' };
const COMPARISONS: Partial<Record<Operator, string>> = {
  '=': 'Equal',
  '<': 'Less',
  '<=': 'LessOrEqual',
  '>': 'Greater',
  '>=': 'GreaterOrEqual',
};
const UNARY: Partial<Record<FunctionName, string>> = { exp: 'Exp', sqrt: 'Sqrt', floor: 'Floor' };

export interface ExpressionCompiler {
  compile(tree: Expression): GraphValue;
  asNumber(value: GraphValue): GraphValue;
  asTruth(value: GraphValue): GraphValue;
}

export function createExpressionCompiler(graph: GraphBuilder, scope: CompileScope): ExpressionCompiler {
  const wide = (...values: readonly GraphValue[]): 'series' | 'number' =>
    values.some(({ kind }) => kind === 'series') ? 'series' : 'number';

  /** Float64: a truth is cast (13: 11 is DOUBLE in onnx.proto). */
  const asNumber = (value: GraphValue): GraphValue =>
    value.kind === 'truth' ? graph.node('Cast', [value], { kind: 'number', attributes: { to: { int: 11 } } }) : value;

  const asTruth = (value: GraphValue): GraphValue =>
    value.kind === 'truth'
      ? value
      : graph.node('Not', [graph.node('Equal', [value, graph.scalar(0)], { kind: 'truth' })], { kind: 'truth' });

  function arithmetic(op: string, ...operands: readonly GraphValue[]): GraphValue {
    const numbers = operands.map(asNumber);
    return graph.node(op, numbers, { kind: wide(...numbers) });
  }

  const isNaN = (value: GraphValue): GraphValue => graph.node('IsNaN', [value], { kind: 'truth' });
  const choose = (condition: GraphValue, yes: GraphValue, no: GraphValue): GraphValue =>
    graph.node('Where', [condition, asNumber(yes), asNumber(no)], { kind: wide(yes, no) });

  function beside(tree: Expression, other: Expression): GraphValue {
    if (tree.kind === 'text' && other.kind === 'name') return graph.scalar(scope.level(other.name, tree.value));
    return compile(tree);
  }

  function operation(operator: Operator, left: GraphValue, right: GraphValue): GraphValue {
    if (operator === 'and' || operator === 'or') {
      return graph.node(operator === 'and' ? 'And' : 'Or', [asTruth(left), asTruth(right)], { kind: 'truth' });
    }
    if (operator === '!=') return graph.node('Not', [operation('=', left, right)], { kind: 'truth' });
    const comparison = COMPARISONS[operator];
    if (comparison !== undefined) return graph.node(comparison, [asNumber(left), asNumber(right)], { kind: 'truth' });
    return arithmetic(ARITHMETIC[operator] ?? operator, left, right);
  }

  function interpolate(x: GraphValue, name: string): GraphValue {
    const curve = scope.curve(name);
    let y = graph.scalar(curve.y[0] ?? Number.NaN);
    for (let at = 1; at < curve.x.length; at += 1) {
      const [x0 = 0, x1 = 0] = curve.x.slice(at - 1);
      const [y0 = 0, y1 = 0] = curve.y.slice(at - 1);
      const along = arithmetic('Sub', x, graph.scalar(x0));
      const inside = arithmetic('Min', arithmetic('Max', along, graph.scalar(0)), graph.scalar(x1 - x0));
      y = arithmetic('Add', y, arithmetic('Mul', inside, graph.scalar((y1 - y0) / (x1 - x0))));
    }
    return y;
  }

  const one = (): GraphValue => graph.scalar(1);
  const exp = (x: GraphValue): GraphValue => arithmetic('Exp', x);
  // The logarithm of a constant series (baseline survival) is a constant: hundreds of entries per person are saved.
  const ln = (x: GraphValue): GraphValue => graph.folded(x, Math.log) ?? arithmetic('Log', x);
  const negative = (x: GraphValue): GraphValue => arithmetic('Neg', x);

  function call(name: FunctionName, args: readonly Expression[]): GraphValue {
    const [, second] = args;
    if (name === 'interpolate' && second?.kind === 'name') return interpolate(compileAt(args, 0), second.name);
    const [a = one(), b = one(), c = one()] = args.map((arg) => asNumber(compile(arg)));
    switch (name) {
      case 'ln':
        return ln(a);
      case 'exp':
      case 'sqrt':
      case 'floor':
        return arithmetic(UNARY[name] ?? name, a);
      case 'log2':
        return arithmetic('Div', ln(a), graph.scalar(Math.LN2));
      case 'log10':
        return arithmetic('Div', ln(a), graph.scalar(Math.LN10));
      case 'min':
        return arithmetic('Min', a, b);
      case 'max':
        return arithmetic('Max', a, b);
      case 'if':
        return choose(asTruth(compileAt(args, 0)), b, c);
      case 'known':
        return graph.node('Not', [isNaN(a)], { kind: 'truth' });
      case 'given':
        return choose(isNaN(a), b, a);
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
        return arithmetic('Div', one(), arithmetic('Add', one(), exp(negative(a))));
      case 'cox':
        return arithmetic('Sub', one(), arithmetic('Pow', b, exp(a)));
      case 'recalibrate': {
        const cloglog = ln(negative(ln(arithmetic('Sub', one(), a))));
        return arithmetic('Sub', one(), exp(negative(exp(arithmetic('Add', b, arithmetic('Mul', c, cloglog))))));
      }
      case 'interpolate':
        throw riskErrors.error('bad-expression', { reason: 'interpolate wants a curve by name' });
      default:
        return name satisfies never;
    }
  }

  function compileAt(args: readonly Expression[], at: number): GraphValue {
    const arg = args[at];
    if (arg === undefined) throw riskErrors.error('bad-expression', { reason: 'an argument is missing' });
    return compile(arg);
  }

  function compile(tree: Expression): GraphValue {
    switch (tree.kind) {
      case 'number':
        return graph.scalar(tree.value);
      case 'text':
        throw riskErrors.error('bad-expression', { reason: `"${tree.value}" stands alone` });
      case 'name':
        return scope.value(tree.name);
      case 'minus':
        return negative(compile(tree.operand));
      case 'not':
        return graph.node('Not', [asTruth(compile(tree.operand))], { kind: 'truth' });
      case 'operation':
        return operation(tree.operator, beside(tree.left, tree.right), beside(tree.right, tree.left));
      case 'call':
        return call(tree.name, tree.args);
      default:
        return tree satisfies never;
    }
  }

  return { compile, asNumber, asTruth };
}
