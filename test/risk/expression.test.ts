import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CareError } from '#kernel/errors.ts';
import { interpret, type Variables } from '#risk/equation/expression/interpret.ts';
import { parseExpression } from '#risk/equation/expression/parse.ts';

const scope: Variables = {
  value: (name) => ({ x: 2, y: 3, absent: Number.NaN, sex: 1, years: [0, 1, 2] })[name] ?? Number.NaN,
  level: (_, code) => ['male', 'female'].indexOf(code),
  curve: () => ({ x: [0, 10, 30], y: [1, 2, 6] }),
};
const value = (text: string) => interpret(parseExpression(text), scope);

describe('the expression language', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 - 3 - 4', -5],
    ['2 ^ 3 ^ 2', 2 ** 9],
    ['-x ^ 2', -4],
    ['2 ^ -1', 0.5],
    ['10 / 4 / 5', 0.5],
    ['x < y and not (x = y)', 1],
    ['x >= y or y >= 3', 1],
    ['1.5e-3 * 2', 0.003],
    ['sex = "female"', 1],
    ['sex != "female"', 0],
    ['if(x > y, 10, 20)', 20],
    ['known(absent) + known(x)', 1],
    ['given(absent, 7) + given(x, 7)', 9],
    ['sum(years * x)', 6],
    ['sum(before(years))', 0 + 0 + 1],
    // 0 + 10 → 2, then half of the way from 2 to 6
    ['interpolate(20, curve)', 4],
    ['interpolate(-5, curve)', 1],
    ['interpolate(99, curve)', 6],
    ['log2(8)', 3],
    ['min(x, y) + max(x, y)', 5],
    ['cox(0, 0.9)', 1 - 0.9],
    ['logistic(0)', 0.5],
  ])('%s is %d', (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 12);
  });

  test.each([
    ['1 +', 'expected a value'],
    ['(1', 'expected )'],
    ['1 2', 'expected an operator'],
    ['foo(1)', 'unknown function foo'],
    ['min(1)', 'min takes 2 arguments, not 1'],
    ['a # b', 'unexpected character'],
    ['and 1', 'expected a value, not and'],
    ['"text', 'unexpected character'],
  ])('%s is refused: %s', (text, reason) => {
    expect(() => parseExpression(text)).toThrow(reason);
  });

  test('any text is either read or refused with a code, and never hangs', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const code = (): string => {
          try {
            parseExpression(text);
            return 'read';
          } catch (error) {
            return error instanceof CareError ? error.code : 'fault';
          }
        };
        expect(['read', 'risk.bad-expression']).toContain(code());
      }),
    );
  });
});
