// `haidang risk evaluate` on a small cohort: a column of risks and an equation against the same outcomes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-risk-evaluate-'));

async function haidang(...args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/main.ts', 'risk', 'evaluate', ...args], {
    env: { ...process.env, INIT_CWD: root },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

const header = 'age,sex,bmi,sbp,bp_treated,smoker,diabetes,own,chd,years';
const row = (at: number): string => {
  const age = 35 + (at % 35);
  const event = (at * 7) % 35 < at % 35 ? 1 : 0;
  return [
    age,
    at % 2 === 0 ? 'male' : 'female',
    25,
    120 + (at % 50),
    0,
    at % 3 === 0 ? 1 : 0,
    0,
    (age / 200).toFixed(3),
    event,
    4 + (at % 9),
  ].join(',');
};

test('a column and an equation are measured on the same persons and compared', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => row(at));
  // A person whose risk is not known, and one whom the equation does not cover.
  rows.push('50,male,25,130,0,0,0,,0,5', '8,male,25,130,0,0,0,0.1,0,5');
  writeFileSync(join(root, 'persons.csv'), [header, ...rows].join('\n'));
  const { status, stdout } = await haidang(
    'persons.csv',
    '--event',
    'chd',
    '--time',
    'years',
    '--horizon',
    '10',
    '--risk',
    'own',
    '--equation',
    'framingham_cvd_2008:bmi',
    '--replicates',
    '50',
    '--json',
  );
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ persons: 122, assessed: 120, horizonYears: 10, replicates: 50 });
  expect(result.risks.map(({ name }: { name: string }) => name)).toEqual(['own', 'framingham_cvd_2008:bmi']);
  for (const { harrell, deciles } of result.risks) {
    expect(harrell.lower).toBeLessThan(harrell.value);
    expect(deciles.reduce((sum: number, { n }: { n: number }) => sum + n, 0)).toBe(120);
  }
  expect(result.comparisons).toHaveLength(1);
});

test.each([
  ['a column that is not there', ['--event', 'death', '--horizon', '10', '--risk', 'own'], 'there is no column death'],
  ['no risk', ['--event', 'chd', '--horizon', '10'], 'name a column of risks with --risk'],
  ['no horizon', ['--event', 'chd', '--risk', 'own'], 'the horizon in years'],
  [
    'a risk above 1',
    ['--event', 'chd', '--horizon', '10', '--risk', 'age'],
    'row 2, column age: “35” is no risk from 0 to 1',
  ],
  [
    'an event that is no 0 or 1',
    ['--event', 'sex', '--horizon', '10', '--risk', 'own'],
    'row 2, column sex: “male” is neither 0 nor 1',
  ],
])('%s is misuse, said with row and column', async (_, args, sentence) => {
  writeFileSync(join(root, 'few.csv'), [header, row(0), row(1)].join('\n'));
  const { status, stderr, stdout } = await haidang('few.csv', ...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
});
