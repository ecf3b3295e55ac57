// Each fault of a data set is a sentence that names file, row and column, and the right rows are still used.
import { describe, expect, test } from 'vitest';
import { readDataset } from '#research/dataset/dataset.ts';
import { faultSentence } from '#research/dataset/fault.ts';
import { verifyDataset } from '#research/dataset/verify.ts';
import { DESCRIPTOR, type FolderOptions, TABLE, folderOf, writeUnder } from './fixtures.ts';

const readParquet = async () => [];
const header = 'image,mrn,part,years,gender,fluid';
const good = 'a.png,p1,test,50,F,yes';
const tableOf = (...rows: string[]): string => [header, good, ...rows].join('\n');
const BOXES = 'image,what,x,y,w,h';

/** Wrong in one row: the sentence names it, and the film that is right is kept. */
const rows: readonly (readonly [string, FolderOptions, string])[] = [
  [
    'a label that nobody declared',
    { table: tableOf('b.png,p2,test,61,M,Yes') },
    'films.csv, row 3, column fluid: the label “Yes” is unknown; known are: yes, no',
  ],
  [
    'a film that is not there',
    { table: tableOf('x.png,p2,test,61,M,no') },
    'films.csv, row 3, column image: the film “x.png” is not in the folder',
  ],
  [
    'a path that leaves the folder',
    { table: tableOf('../../etc/passwd,p2,test,61,M,no') },
    'films.csv, row 3, column image: the path “../../etc/passwd” leaves the folder of the data set',
  ],
  [
    'an absolute path',
    { table: tableOf('/etc/passwd,p2,test,61,M,no') },
    'films.csv, row 3, column image: the path “/etc/passwd” leaves the folder of the data set',
  ],
  [
    'a film that stands twice',
    { table: tableOf('a.png,p1,test,50,F,no') },
    'films.csv, row 3, column image: the film “a.png” stands in the table twice',
  ],
  [
    'a film that stands twice under two spellings of its path',
    { table: tableOf('./a.png,p1,test,50,F,no') },
    'films.csv, row 3, column image: the film “./a.png” stands in the table twice',
  ],
  [
    'a row after an empty line',
    { table: tableOf('', 'b.png,p2,test,old,M,no') },
    'films.csv, row 4, column years: “old” is no age; write years (57), or a unit (018M), or a band (1-5y)',
  ],
  [
    'a row after a line break within quotes',
    { table: tableOf('"b.png","p\n2",test,61,M,no', 'c.png,p3,test,old,M,no') },
    'films.csv, row 4, column years: “old” is no age; write years (57), or a unit (018M), or a band (1-5y)',
  ],
  [
    'boxes outside the folder',
    { descriptor: { boxes: { ...DESCRIPTOR.boxes, file: '../boxes.csv' } } },
    '../boxes.csv: the path “../boxes.csv” leaves the folder of the data set',
  ],
  ['no patient', { table: tableOf('b.png,,test,61,M,no') }, 'films.csv, row 3, column mrn: the cell is empty'],
  ['no film', { table: tableOf(',p2,test,61,M,no') }, 'films.csv, row 3, column image: the cell is empty'],
  [
    'an age that is none',
    { table: tableOf('b.png,p2,test,sixty,M,no') },
    'films.csv, row 3, column years: “sixty” is no age; write years (57), or a unit (018M), or a band (1-5y)',
  ],
  [
    'an age that nobody reaches',
    { table: tableOf('b.png,p2,test,414,M,no') },
    'films.csv, row 3, column years: “414” is no age; write years (57), or a unit (018M), or a band (1-5y)',
  ],
  [
    'a sex that is none',
    { table: tableOf('b.png,p2,test,61,x,no') },
    'films.csv, row 3, column gender: “x” is unknown; known are: "", m, male, nam, f, female, nữ, o, other, u, unknown',
  ],
  ['too few cells', { table: tableOf('b.png,p2,test') }, 'films.csv, row 3: the row has 3 cells, the first line has 6'],
  [
    'a patient in two parts',
    { table: [header, good, 'b.png,p2,test,61,M,no', 'c.png,p2,train,61,M,no'].join('\n') },
    'films.csv, row 3, column mrn: patient “p2” is in more than one part: test, train',
  ],
  [
    'a box beyond the edge',
    { boxes: `${BOXES}\na.png,fluid,0.5,0.5,0.2,0.7` },
    'boxes.csv, row 2, column h: 1.2 is not a fraction of the picture from 0 to 1',
  ],
  [
    'a box in pixels',
    { boxes: `${BOXES}\na.png,fluid,512,0.5,0.2,0.2` },
    'boxes.csv, row 2, column x: 512 is not a fraction of the picture from 0 to 1',
  ],
  [
    'a box without a number',
    { boxes: `${BOXES}\na.png,fluid,0.1,,0.2,0.2` },
    'boxes.csv, row 2, column y: “” is not a number',
  ],
  [
    'a box of another film',
    { boxes: `${BOXES}\nz.png,fluid,0.1,0.1,0.2,0.2` },
    'boxes.csv, row 2, column image: the film “z.png” is not in the table',
  ],
];

/** Wrong as a whole: nothing can be measured. */
const wholes: readonly (readonly [string, FolderOptions, string])[] = [
  ['no table', { without: ['films.csv'] }, 'films.csv: the table is not there'],
  ['an empty table', { table: header }, 'films.csv: the table has no row'],
  [
    'a table in another encoding',
    { table: Buffer.from('image,mrn\nNguyễn.png,p1', 'utf16le') },
    'films.csv: the file is not UTF-8; save it as “CSV UTF-8”',
  ],
  [
    'UTF-16 without a mark',
    { table: Buffer.from(TABLE, 'utf16le') },
    'films.csv: the file is not UTF-8; save it as “CSV UTF-8”',
  ],
  [
    'two columns of one name',
    { table: 'image,mrn,part,years,fluid,fluid\na.png,p1,test,50,yes,no' },
    'films.csv, row 1, column fluid: two columns are named “fluid”; give each its own name',
  ],
  [
    'a table outside the folder',
    { descriptor: { table: { file: '../films.csv' } } },
    '../films.csv: the path “../films.csv” leaves the folder of the data set',
  ],
  [
    'a column that is not there',
    { table: 'image,mrn,part,years,gender\na.png,p1,test,50,F' },
    'films.csv, row 1, column fluid: the column is not there; there are: image, mrn, part, years, gender',
  ],
  [
    'a part that is not there',
    { table: TABLE.replaceAll('test', 'train') },
    'films.csv, column part: “test” is unknown; known are: train',
  ],
  ['a descriptor with a misspelt field', { descriptor: { licens: 'CC0' } }, 'dataset.json'],
];

describe('a row is refused by itself:', () => {
  test.each(rows)('%s', async (_, options, sentence) => {
    const { films, faults } = await readDataset(folderOf(options), { split: 'test', readParquet });
    expect(faults.map((each) => faultSentence(each, 'en'))).toEqual([sentence]);
    expect(films.map(({ file }) => file)).toContain('a.png');
    expect(faultSentence(faults[0]!, 'vi')).not.toBe(sentence);
  });
});

describe('the data set is refused:', () => {
  test.each(wholes)('%s', async (_, options, reason) => {
    await expect(readDataset(folderOf(options), { split: 'test', readParquet })).rejects.toMatchObject({
      code: 'evaluation.dataset',
      reason: expect.stringContaining(reason),
    });
  });

  test('a quote left open names its row', async () => {
    await expect(
      readDataset(folderOf({ table: `${header}\n"a.png,p1,test,50,F,yes` }), { readParquet }),
    ).rejects.toMatchObject({ reason: expect.stringContaining('films.csv, row 2: the table cannot be read') });
  });
});

test('a quote left open long before the end names the row where it opens', async () => {
  const lines = Array.from({ length: 30 }, (_, n) => `f${n}.png,p${n},test,50,F,yes`);
  const table = [header, good, 'b.png,"p2,test,61,M,no', ...lines].join('\n');
  await expect(readDataset(folderOf({ table }), { readParquet })).rejects.toMatchObject({
    reason: expect.stringContaining('films.csv, row 3: the table cannot be read'),
  });
});

test('a Parquet file that is none is refused with its name', async () => {
  const folder = folderOf({ descriptor: { table: { file: 'films.csv.PARQUET' } } });
  writeUnder(folder, 'films.csv.PARQUET', 'PAR1');
  const broken = async () => {
    throw new Error('too small to be a Parquet file\nLINE 1');
  };
  await expect(readDataset(folder, { readParquet: broken })).rejects.toMatchObject({
    code: 'evaluation.dataset',
    reason: 'films.csv.PARQUET: the table cannot be read: too small to be a Parquet file',
  });
});

test('verify finds the same picture under two names in two parts', async () => {
  const folder = folderOf({ table: [header, good, 'b.png,p2,train,61,M,no', 'c.png,p3,test,61,M,no'].join('\n') });
  for (const [name, bytes] of [
    ['a.png', 'one'],
    ['b.png', 'one'],
    ['c.png', 'one'],
  ] as const)
    writeUnder(folder, name, bytes);
  const { faults } = await verifyDataset(folder, { readParquet });
  // c.png lies in the part of a.png, and leaks nothing from there.
  expect(faults.map((each) => faultSentence(each, 'en'))).toEqual([
    'films.csv, row 3, column image: the film “b.png” is the same file as one of another part: a.png (test)',
  ]);
});

test('a part that was changed after it was recorded is noticed', async () => {
  const recorded = (await readDataset(folderOf(), { readParquet })).splitSha256;
  const same = await readDataset(folderOf({ descriptor: { splitSha256: recorded } }), { readParquet });
  expect(same.faults).toEqual([]);
  const moved = folderOf({ descriptor: { splitSha256: recorded }, table: TABLE.replace('p2,test', 'p2,train') });
  const { faults } = await readDataset(moved, { readParquet });
  expect(faults.map(({ code }) => code)).toEqual(['split-changed']);
});

test('verify compares every file with its record', async () => {
  const wrong = folderOf({
    descriptor: { files: [{ path: 'a.png', sha256: 'a'.repeat(64) }, { path: 'b.png', bytes: 3 }, { path: 'z.png' }] },
  });
  const { faults } = await verifyDataset(wrong, { readParquet });
  expect(faults.map(({ code, file }) => [code, file])).toEqual([
    ['file-changed', 'a.png'],
    ['file-changed', 'b.png'],
    ['file-missing', 'z.png'],
  ]);
});
