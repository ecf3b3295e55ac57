// The tree of an expression: what the parser makes, and the interpreter and the ONNX compiler read.

export const OPERATORS = ['or', 'and', '=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '^'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Arguments that each function takes; its meaning stands in README.md beside this room's other words. */
export const FUNCTIONS = {
  ln: 1,
  log2: 1,
  log10: 1,
  exp: 1,
  sqrt: 1,
  floor: 1,
  min: 2,
  max: 2,
  /** if(condition, then, else) */
  if: 3,
  /** 1 when the input was given, else 0; the only way to look at an input that may be absent. */
  known: 1,
  /** given(x, other): x when it was given, else other. */
  given: 2,
  /** Over the entries of a series. */
  sum: 1,
  /** Running total of the earlier entries of a series, zero for the first. */
  before: 1,
  /** exp(x) / (1 + exp(x)) */
  logistic: 1,
  /** cox(lp, S0) = 1 - S0^exp(lp) */
  cox: 2,
  /** recalibrate(u, a, b) = 1 - exp(-exp(a + b·ln(-ln(1 - u)))) */
  recalibrate: 3,
  /** interpolate(x, curve): straight lines between the points of a declared curve, constant outside. */
  interpolate: 2,
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'minus' | 'not'; readonly operand: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

const childrenOf = (tree: Expression): readonly Expression[] => {
  switch (tree.kind) {
    case 'number':
    case 'text':
    case 'name':
      return [];
    case 'minus':
    case 'not':
      return [tree.operand];
    case 'operation':
      return [tree.left, tree.right];
    case 'call':
      return tree.args;
    default:
      return tree satisfies never;
  }
};

/** Every node of the tree, parents first. */
export function* nodesOf(tree: Expression): Generator<Expression> {
  yield tree;
  for (const child of childrenOf(tree)) yield* nodesOf(child);
}

/** The names that an expression uses. */
export function namesIn(tree: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesOf(tree)) if (node.kind === 'name') names.add(node.name);
  return names;
}
