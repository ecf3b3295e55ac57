// `haidang import xml130`: one JSON line per thing in the order given, only JSON on standard output, and the exit status of the contract.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'haidang-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  const main = join(process.cwd(), 'src/cli/main.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, 'import', 'xml130', ...args], {
    encoding: 'utf8',
    // The user stands in `folder`, while npm runs the script from the package's own folder.
    env: { ...process.env, INIT_CWD: folder, HAIDANG_DATA_DIR: join(folder, 'data'), ...env },
  });
  return { lines: stdout.split('\n').filter((line) => line !== ''), status, complaint: stderr };
}

const table = (type: string, xml: string): string =>
  `<FILEHOSO><LOAIHOSO>${type}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(xml).toString('base64')}</NOIDUNGFILE></FILEHOSO>`;
const claim = (declared: number, time: string): string =>
  `<GIAMDINHHS><SOLUONGHOSO>${declared}</SOLUONGHOSO><HOSO>${table('XML1', '<TONG_HOP><MA_LK>L1</MA_LK><MA_BN>P1</MA_BN></TONG_HOP>')}${table(
    'XML4',
    `<DSACH_CHI_TIET_CLS><CHI_TIET_CLS><MA_CHI_SO>GLU</MA_CHI_SO><GIA_TRI>5,6</GIA_TRI><DON_VI_DO>mmol/L</DON_VI_DO><NGAY_KQ>${time}</NGAY_KQ></CHI_TIET_CLS></DSACH_CHI_TIET_CLS>`,
  )}</HOSO></GIAMDINHHS>`;
writeFileSync(join(folder, 'whole.xml'), claim(1, '202611220925'));
writeFileSync(join(folder, 'short.xml'), claim(2, '202611220925'));
writeFileSync(join(folder, 'no-such-day.xml'), claim(1, '202611310925'));
writeFileSync(join(folder, 'no-claim.xml'), '<html></html>');
writeFileSync(join(folder, 'empty.xml'), '');
mkdirSync(join(folder, 'a-folder'));
writeFileSync(join(folder, 'codes.json'), `\uFEFF${JSON.stringify({ GLU: '2345-7' })}`);
writeFileSync(join(folder, 'bad-codes.json'), JSON.stringify({ GLU: 'glucose' }));

const kindsOf = (lines: readonly string[]): unknown[] => lines.map((line) => JSON.parse(line).kind);

test('a whole file leaves status 0, in the order of the file, and says nothing on standard error', () => {
  const { lines, status, complaint } = run(['whole.xml', '--json', '--dry-run']);
  expect([status, complaint]).toEqual([0, '']);
  expect(kindsOf(lines)).toEqual(['measurement', 'file']);
  expect(JSON.parse(lines[1] ?? '')).toEqual({ kind: 'file', file: 'whole.xml', declared: 1, records: 1 });
});

test('files that cannot be read are told in their place, with status 1, and the others are read', () => {
  const files = ['none.xml', 'a-folder', 'whole.xml', 'empty.xml', 'no-claim.xml'];
  const { lines, status, complaint } = run([...files, '--json', '--dry-run']);
  expect([status, complaint]).toEqual([1, '']);
  const ends = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'file');
  expect(ends.map(({ file }) => file)).toEqual(files);
  expect(ends.map(({ records }) => records)).toEqual([0, 0, 1, 0, 0]);
  expect(ends.filter(({ reason }) => reason === undefined)).toHaveLength(1);
});

test.each(['short.xml', 'no-such-day.xml'])('%s leaves status 1', (file) => {
  expect(run([file, '--json', '--dry-run']).status).toBe(1);
});

test.each([
  ['no file', []],
  ['an unknown option', ['whole.xml', '--bogus']],
  ['a table of codes that is not there', ['whole.xml', '--json', '--dry-run', '--indicators', 'none.json']],
  ['a table of codes that is no JSON', ['whole.xml', '--json', '--dry-run', '--indicators', 'no-claim.xml']],
  ['a table of codes without LOINC', ['whole.xml', '--json', '--dry-run', '--indicators', 'bad-codes.json']],
])('%s is misuse: status 2, a sentence on standard error and nothing else', (_, args) => {
  const { lines, status, complaint } = run(args);
  expect([status, lines]).toEqual([2, []]);
  expect(complaint).not.toBe('');
  expect(complaint).not.toMatch(/^\s+at /m);
});

test('the codes of a site come from an option or from HAIDANG_INDICATORS', () => {
  const loincs = [
    run(['whole.xml', '--json', '--dry-run', '--indicators', 'codes.json']),
    run(['whole.xml', '--json', '--dry-run'], { HAIDANG_INDICATORS: 'codes.json' }),
    run(['whole.xml', '--json', '--dry-run']),
  ].map(({ lines }) => JSON.parse(lines[0] ?? '').loinc);
  expect(loincs).toEqual(['2345-7', '2345-7', null]);
});

test('what is stored is told the same as what is only read', () => {
  const dry = run(['whole.xml', '--json', '--dry-run']);
  expect(run(['whole.xml', '--json'])).toEqual(dry);
  expect(run(['whole.xml', '--json'])).toEqual(dry);
});
