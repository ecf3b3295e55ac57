import { expect, test } from 'vitest';
import { judgeTexts, LONGEST_FHIR_TEXT, LONGEST_TEXT } from '#http/text-bounds.ts';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);

test.each([
  ['a NUL deep inside', { patient: { names: ['An', 'B\0'] } }, 'patient.names.1', 'NUL'],
  ['a NUL in a name', { 'a\0b': 1 }, 'body', 'NUL'],
  ['a text that is too long', { note: 'x'.repeat(LONGEST_TEXT + 1) }, 'note', '10000'],
  ['a name that is too long', { ['x'.repeat(1001)]: 1 }, 'body', '1000'],
  ['nesting without an end', nested(101), '0', 'nested'],
  ['nesting by the hundred thousand', nested(200_000), '0', 'nested'],
  ['a form', new URLSearchParams({ sessionId: 'a\0' }), '0.1', 'NUL'],
])('%s is refused and its place named', (_, value, field, reason) => {
  let thrown: unknown;
  try {
    judgeTexts(value, 'body');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'http.invalid-request', status: 400 });
  expect(thrown).toHaveProperty('field', expect.stringContaining(field));
  expect(thrown).toHaveProperty('reason', expect.stringContaining(reason));
});

test('what fits passes: texts at the bound, depth at the bound, bytes, and an attachment at a door of FHIR', () => {
  for (const value of ['x'.repeat(LONGEST_TEXT), nested(100), null, 1, { a: [undefined, true] }, Buffer.alloc(1e6)])
    expect(() => judgeTexts(value, 'body')).not.toThrow();
  const attachment = { data: 'A'.repeat(LONGEST_FHIR_TEXT + 1) };
  expect(() => judgeTexts(attachment, 'body', LONGEST_FHIR_TEXT)).not.toThrow();
  expect(() => judgeTexts(attachment, 'body')).toThrow('longer');
});
