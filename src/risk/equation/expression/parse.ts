// Parses an expression into its tree. The language: numbers, names, + - * / ^, comparisons, and or not,
// the functions of tree.ts, and "texts" that are compared with a coded input.
import { riskErrors } from '#risk/errors.ts';
import { tokensOf, type Token } from './tokens.ts';
import { FUNCTIONS, OPERATORS, type Expression, type FunctionName, type Operator } from './tree.ts';

/** How tightly an operator binds; `not` sits between `and` and the comparisons, a leading minus between `*` and `^`. */
const BINDING: Record<Operator, number> = {
  or: 1,
  and: 2,
  '=': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
const NOT_BINDING = 3;
const MINUS_BINDING = 7;

const isOperator = (text: string): text is Operator => OPERATORS.some((operator) => operator === text);
const isFunction = (text: string): text is FunctionName => Object.hasOwn(FUNCTIONS, text);

/** Throws CareError `risk.bad-expression` with the place of the fault. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let position = 0;

  const fault = (what: string, token: Token) =>
    riskErrors.error('bad-expression', { reason: `${what} at ${token.at} of: ${text}` });
  const peek = (): Token => tokens[Math.min(position, tokens.length - 1)] ?? { kind: 'end', text: '', at: text.length };
  const take = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const expect = (symbol: string): void => {
    const token = take();
    if (token.kind !== 'symbol' || token.text !== symbol) throw fault(`expected ${symbol}`, token);
  };

  function call(name: Token): Expression {
    if (!isFunction(name.text)) throw fault(`unknown function ${name.text}`, name);
    expect('(');
    const args = [expression(0)];
    while (peek().text === ',' && peek().kind === 'symbol') {
      take();
      args.push(expression(0));
    }
    expect(')');
    if (args.length !== FUNCTIONS[name.text]) {
      throw fault(`${name.text} takes ${FUNCTIONS[name.text]} arguments, not ${args.length},`, name);
    }
    return { kind: 'call', name: name.text, args };
  }

  function operand(): Expression {
    const token = take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (token.text === 'not') return { kind: 'not', operand: expression(NOT_BINDING) };
    if (token.kind === 'name' && isOperator(token.text)) throw fault(`expected a value, not ${token.text},`, token);
    if (token.kind === 'name') return peek().text === '(' ? call(token) : { kind: 'name', name: token.text };
    if (token.text === '-') return { kind: 'minus', operand: expression(MINUS_BINDING) };
    if (token.text === '(') {
      const inner = expression(0);
      expect(')');
      return inner;
    }
    throw fault('expected a value', token);
  }

  function expression(minimum: number): Expression {
    let left = operand();
    for (;;) {
      const { text: operator } = peek();
      if (!isOperator(operator) || peek().kind === 'text' || BINDING[operator] <= minimum) return left;
      take();
      // A power reads from the right (2^3^2 = 2^9); all else from the left.
      const right = expression(operator === '^' ? BINDING[operator] - 1 : BINDING[operator]);
      left = { kind: 'operation', operator, left, right };
    }
  }

  const tree = expression(0);
  if (peek().kind !== 'end') throw fault('expected an operator', peek());
  return tree;
}
