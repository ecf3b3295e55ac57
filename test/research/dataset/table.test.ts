// Tables as people have them: semicolons, folders for labels, repeated lines; and dataset.json made from them.
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDataset } from '#research/dataset/dataset.ts';
import { staysInside } from '#research/dataset/path.ts';
import { shippedDatasets } from '#research/dataset/library.ts';
import { newDataset } from '#research/dataset/new.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { readCsv } from '#research/dataset/table.ts';
import { TABLE, folderOf, writeUnder } from './fixtures.ts';

const readParquet = async () => [];

test('a table with semicolons and a byte order mark is read alike', async () => {
  const plain = await readDataset(folderOf(), { readParquet });
  const { films } = await readDataset(folderOf({ table: `\uFEFF${TABLE.replaceAll(',', ';')}` }), { readParquet });
  expect(films).toEqual(plain.films);
});

test.each([
  [
    'semicolons, with commas in names and quotes',
    (text: string) =>
      text
        .replaceAll(',', ';')
        .replace('fluid', '"x, y, z, a, b, c, d";fluid')
        .replaceAll(/;(yes|no)$/gm, ';0,5;$1'),
  ],
  ['tabs', (text: string) => text.replaceAll(',', '\t')],
  ['bars', (text: string) => text.replaceAll(',', '|')],
  [
    'the line that Excel writes before',
    (text: string) => `sep=;\r\n${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
  ],
])('a table with %s is read alike', async (_, written) => {
  const plain = await readDataset(folderOf(), { readParquet });
  const { films, faults } = await readDataset(folderOf({ table: written(TABLE) }), { readParquet });
  expect(faults).toEqual([]);
  expect(films.map(({ file, patientId, ageYears, cells }) => [file, patientId, ageYears, cells['fluid']])).toEqual(
    plain.films.map(({ file, patientId, ageYears, cells }) => [file, patientId, ageYears, cells['fluid']]),
  );
});

test('a line that repeats another word for word is no second film', async () => {
  const { films, faults } = await readDataset(folderOf({ table: `${TABLE}\nb.png,p2,test,61,M,no` }), { readParquet });
  expect([films.length, faults]).toEqual([2, []]);
});

test('ages are read with their units, bands in their middle', async () => {
  const ages = async (age: string) =>
    (await readDataset(folderOf({ table: TABLE.replace('50', age) }), { readParquet })).films[0]?.ageYears;
  expect(await ages('018M')).toBeCloseTo(1.5, 9);
  expect(await ages('1-5y paediatric')).toBe(3);
  expect(await ages('045Y')).toBe(45);
  expect(await ages('')).toBeUndefined();
});

test('folders can be the labels', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-folders-'));
  for (const path of ['test/NORMAL/IM-1-0.png', 'test/SICK/person7_virus_2.png', 'train/SICK/person8_virus_2.png'])
    writeUnder(folder, path, 'x');
  const descriptor = {
    id: 'folders',
    title: { vi: 'x', en: 'x' },
    source: 'x',
    licence: 'x',
    access: { kind: 'local' },
    patientData: false,
    table: { pattern: '{split}/{label}/{name}.png' },
    columns: { file: 'path', split: 'split', patient: { column: 'name', match: '^(person\\d+|IM-\\d+)' } },
    questions: [{ column: 'label', heads: { Effusion: ['SICK'] }, negative: ['NORMAL'] }],
  };
  writeUnder(folder, 'dataset.json', JSON.stringify(descriptor));
  const { films, data } = await readDataset(folder, { split: 'test', readParquet });
  expect(films.map(({ patientId }) => patientId)).toEqual(['IM-1', 'person7']);
  const [question] = questionsOf(data).questions;
  expect(films.map((film) => question?.truth(film))).toEqual([false, true]);
});

test('an uncertain label takes the film out of the question', async () => {
  const table = `${TABLE}\nc.png,p3,test,40,F,maybe`;
  const questions = [{ column: 'fluid', heads: { Effusion: ['yes'] }, negative: ['no'], ignored: ['maybe'] }];
  const { films, data } = await readDataset(folderOf({ table, descriptor: { questions } }), { readParquet });
  const [question] = questionsOf(data).questions;
  expect(films.map((film) => question?.truth(film))).toEqual([true, false, undefined]);
});

test('rows of a Parquet table are read through the optional reader', async () => {
  const folder = folderOf({ descriptor: { table: { file: 'films.parquet' } } });
  writeUnder(folder, 'films.parquet', 'PAR1');
  const row = { image: 'a.png', mrn: 'p1', part: 'test', years: '50', gender: 'F', fluid: 'yes' };
  const { films } = await readDataset(folder, { readParquet: async () => [row] });
  expect(films.map(({ file, ageYears }) => [file, ageYears])).toEqual([['a.png', 50]]);
});

test('no path that passes leads out of the folder', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('..', '.', 'a', '', 'b\\..\\..', '%2e%2e'), { maxLength: 6 }), (parts) => {
      const path = parts.join('/');
      fc.pre(staysInside(path));
      expect(join('/root/data', path.replaceAll('\\', '/')).startsWith('/root/data')).toBe(true);
    }),
  );
});

describe('a new dataset.json', () => {
  const asked = { id: 'own', columns: {}, findings: {}, knownHeads: ['Effusion', 'Nodule'] };
  const tableOf = (text: string) => readCsv(folderOf({ table: text }), 'films.csv');

  test('finds columns and labels by their usual names, in Vietnamese too', () => {
    const data = newDataset(
      tableOf('Tệp;Mã BN;Tuổi;Giới tính;Effusion\na.png;1;50;Nam;có\nb.png;2;60;Nữ;không'),
      asked,
    );
    expect(data.columns).toEqual({ file: 'Tệp', patient: 'Mã BN', age: 'Tuổi', sex: 'Giới tính' });
    expect(data.questions).toEqual([
      { column: 'Effusion', heads: { Effusion: ['có'] }, negative: ['không'], ignored: [] },
    ]);
  });

  test('asks where a label is not plain', () => {
    const table = tableOf('file,fluid\na.png,grade 2\nb.png,grade 0');
    expect(() => newDataset(table, { ...asked, findings: { Effusion: 'fluid' } })).toThrow('say which is positive');
    const data = newDataset(table, { ...asked, findings: { Effusion: 'fluid=grade 2' } });
    expect(data.questions[0]).toMatchObject({ heads: { Effusion: ['grade 2'] }, negative: ['grade 0'] });
  });

  test('names the columns that there are when the film or the finding is not found', () => {
    expect(() => newDataset(tableOf('x,y\n1,2'), asked)).toThrow('--column file=…; there are x, y');
    expect(() => newDataset(tableOf('file,y\n1,2'), asked)).toThrow('--finding Effusion=COLUMN');
  });
});

test('every shipped descriptor fits its schema and lies in the folder of its id', () => {
  const folders = readdirSync('datasets', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  expect(shippedDatasets().map(({ id }) => id)).toEqual(folders);
});
