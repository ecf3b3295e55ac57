// The command `haidang risk` in a process of its own: exit statuses, what stands on standard output, and going on after a break.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openParquet } from '#cli/tables/parquet.ts';

const folder = mkdtempSync(join(tmpdir(), 'risk-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const risk = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['src/cli/main.ts', 'risk', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

// FIB-4 = age · AST / (platelets · √ALT); 50 · 40 / (100 · √25) = 4, and 30 · 20 / (200 · √9) = 1.
const vectors = file(
  'vectors.csv',
  [
    'age,ast,alt,platelets,expected,tolerance,source',
    '50,40,25,100,4,1e-9,by hand',
    '30,20,9,200,1,1e-9,by hand',
    '30,20,9,200,1.1,1e-9,wrong on purpose',
    '300,20,9,200,1,1e-9,nobody',
  ].join('\r\n'),
);

describe('haidang risk check', () => {
  test('prints one JSON object as the contract says, and leaves 1 where something falls short', () => {
    const { status, stdout } = risk('check', vectors, '--equation', 'fib4', '--json');
    expect(status).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ equation: 'fib4', rows: 4, passed: 2, failed: 1, refused: 1 });
    expect(report.largestError).toBeCloseTo(0.1, 12);
    expect(report.failures).toEqual([{ row: 3, expected: '1.1', got: 1, tolerance: 1e-9, code: null }]);
  });

  test('an equation or a file that is not there is misuse', () => {
    expect(risk('check', vectors, '--equation', 'fib5').status).toBe(2);
    const missing = risk('check', join(folder, 'none.csv'), '--equation', 'fib4');
    expect(missing).toMatchObject({ status: 2, stdout: '' });
    expect(missing.stderr).toContain('risk.bad-table');
  });
});

describe('haidang risk cohort', () => {
  const persons = file(
    'persons.csv',
    [
      'id,age,sex,smoker,sbp,bmi',
      'a,62,male,1,150,24',
      'b,62,female,0,,24',
      'c,80,male,1,150,24',
      '"d,e",45,F,0,118,31.5',
    ].join('\n'),
  );
  const out = join(folder, 'out.csv');
  const whole = [
    'row,id,outcome,risk,category,reasons',
    '1,a,assessed,15,high,',
    '2,b,not-assessed,,,risk.needs-input:sbp',
    '3,c,not-assessed,,,risk.out-of-range:age',
    '4,"d,e",assessed,2,low,',
    '',
  ].join('\n');

  test('writes a row for every person, and goes on where a break left half a line', () => {
    const args = ['cohort', persons, '--equation', 'who_cvd_2019_nonlab_sea', '--out', out];
    expect(risk(...args).status).toBe(1);
    expect(readFileSync(out, 'utf8')).toBe(whole);
    truncateSync(out, whole.indexOf('3,c') + 5);
    const { stderr } = risk(...args, '--resume');
    expect(stderr).toContain('2 rows were answered before');
    expect(readFileSync(out, 'utf8')).toBe(whole);
  });

  test('reads and writes Parquet', async () => {
    const parquet = join(folder, 'out.parquet');
    risk('cohort', persons, '--equation', 'who_cvd_2019_nonlab_sea', '--out', parquet);
    const rows: Record<string, string>[] = [];
    const table = await openParquet(parquet);
    for await (const { row } of table.rows()) rows.push(row);
    expect(table.size).toBe(4);
    expect(rows[0]).toMatchObject({ row: '1', id: 'a', outcome: 'assessed', risk: '15', category: 'high' });
  });

  test('a column that the equation does not know is named before anything is computed', () => {
    const other = file('other.csv', 'id,age,sex,smoker,sbp,bmi,pulse\na,62,male,1,150,24,80');
    const { status, stderr, stdout } = risk('cohort', other, '--equation', 'who_cvd_2019_nonlab_sea');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('who_cvd_2019_nonlab_sea has no pulse');
  });
});

test('haidang risk assess tells a person’s results in words, in the language that is asked for', () => {
  const person = file(
    'person.csv',
    ['patient,sex,age,sbp (mmHg),smoker,bmi (kg/m2)', 'BN1,nam,62,150,có,24'].join('\n'),
  );
  const { stdout } = risk('assess', person, '--equation', 'who_cvd_2019_nonlab_sea');
  expect(stdout).toContain('Nguy cơ tim mạch 10 năm: 15,0 %');
  const english = risk('assess', person, '--equation', 'who_cvd_2019_nonlab_sea', '--language', 'en');
  expect(english.stdout).toContain('10-year cardiovascular risk: 15.0 %');
});
