// Compiles an expression's tree to ONNX nodes.
import { riskErrors } from '#risk/errors.ts';
import type { Expression, FunctionName } from '#risk/equation/expression/tree.ts';
import { createArithmetic, type Arithmetic, type Curve } from './arithmetic.ts';
import { callFunction } from './functions.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

export interface CompileScope {
  value(name: string): GraphValue;
  level(name: string, code: string): number;
  curve(name: string): Curve;
}

export interface ExpressionCompiler extends Pick<Arithmetic, 'asNumber' | 'asTruth'> {
  compile(tree: Expression): GraphValue;
}

export function createExpressionCompiler(graph: GraphBuilder, scope: CompileScope): ExpressionCompiler {
  const math = createArithmetic(graph);

  /** A text beside a coded name is the level of that code. */
  function beside(tree: Expression, other: Expression): GraphValue {
    if (tree.kind === 'text' && other.kind === 'name') return graph.scalar(scope.level(other.name, tree.value));
    return compile(tree);
  }

  /** The condition of `if` is a truth and the curve of `interpolate` a name; every other argument is a number. */
  function call(name: FunctionName, args: readonly Expression[]): GraphValue {
    const [first, second] = args;
    if (first === undefined) throw riskErrors.error('bad-expression', { reason: `${name} wants an argument` });
    if (name === 'interpolate') {
      if (second?.kind !== 'name')
        throw riskErrors.error('bad-expression', { reason: 'interpolate wants a curve by name' });
      return math.interpolate(compile(first), scope.curve(second.name));
    }
    const numbers = args.map((arg) => math.asNumber(compile(arg)));
    if (name !== 'if') return callFunction(name, numbers, { graph, math });
    const [, yes = graph.scalar(1), no = graph.scalar(1)] = numbers;
    return math.choose(math.asTruth(compile(first)), yes, no);
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
        return math.negative(compile(tree.operand));
      case 'not':
        return math.not(math.asTruth(compile(tree.operand)));
      case 'operation':
        return math.operation(tree.operator, beside(tree.left, tree.right), beside(tree.right, tree.left));
      case 'call':
        return call(tree.name, tree.args);
      default:
        return tree satisfies never;
    }
  }

  return { compile, asNumber: math.asNumber, asTruth: math.asTruth };
}
