// The Python package of the equations: every one can be described, with the very graph that its description names.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'haidang-spark-'));
const equations = join(folder, 'haidang_risk', 'equations');
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

beforeAll(() => {
  execFileSync(process.execPath, ['src/cli/main.ts', 'risk', 'export', '--spark', folder], { stdio: 'pipe' });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every equation of models/ is in it, beside the graph whose hash it names', () => {
  const served = readdirSync('models').filter((name) => name.startsWith('risk-'));
  expect(
    readdirSync(equations)
      .map((id) => `risk-${id}`)
      .toSorted(),
  ).toEqual(served.toSorted());
  for (const id of readdirSync(equations)) {
    const schema = JSON.parse(read('haidang_risk', 'equations', id, 'schema.json'));
    const graph = readFileSync(join(equations, id, 'model.onnx'));
    expect(schema.modelSha256).toBe(createHash('sha256').update(graph).digest('hex'));
  }
});

test('a description holds units, ranges, codes, categories and the conditions that refuse', () => {
  const who = JSON.parse(read('haidang_risk', 'equations', 'who_cvd_2019_lab_sea', 'schema.json'));
  expect(who.inputs[0]).toMatchObject({ name: 'age', kind: 'number', unit: 'a', range: { minimum: 40, below: 75 } });
  expect(who.inputs[0].plausibleAge).toHaveLength(2);
  expect(who.inputs[1].levels[0]).toMatchObject({ code: 'male', also: ['M', '1'] });
  expect(who.outputs[0].categories.length).toBeGreaterThan(2);
  const gail = JSON.parse(read('haidang_risk', 'equations', 'gail_bcrat', 'schema.json'));
  expect(gail.checks.map(({ field }: { field: string }) => field)).toContain('hyperplasia');
});

test('the README names each column with its unit', () => {
  expect(read('README.md')).toContain('| `total_cholesterol` | Total cholesterol | 1.3 to 15.5 mmol/L |');
});
