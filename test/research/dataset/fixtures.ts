// A small folder of films with a table, which a test may break in one place.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FolderOptions {
  readonly table?: string | Uint8Array;
  readonly boxes?: string;
  readonly descriptor?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
}

export const TABLE = ['image,mrn,part,years,gender,fluid', 'a.png,p1,test,50,F,yes', 'b.png,p2,test,61,M,no'].join(
  '\n',
);

export const DESCRIPTOR = {
  id: 'own',
  title: { vi: 'Phim thử', en: 'Test films' },
  source: 'made here',
  licence: 'CC0',
  access: { kind: 'local' },
  patientData: false,
  table: { file: 'films.csv' },
  columns: { file: 'image', patient: 'mrn', split: 'part', age: 'years', sex: 'gender' },
  questions: [{ column: 'fluid', heads: { Effusion: ['yes'] }, negative: ['no'] }],
  boxes: {
    file: 'boxes.csv',
    columns: { file: 'image', finding: 'what', x: 'x', y: 'y', width: 'w', height: 'h' },
    heads: { fluid: ['Effusion'] },
  },
};

export function folderOf({ table = TABLE, boxes, descriptor = {}, without = [] }: FolderOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-dataset-'));
  for (const film of ['a.png', 'b.png', 'c.png'])
    if (!without.includes(film)) writeFileSync(join(folder, film), 'not looked at here');
  if (!without.includes('films.csv')) writeFileSync(join(folder, 'films.csv'), table);
  if (boxes !== undefined) writeFileSync(join(folder, 'boxes.csv'), boxes);
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...DESCRIPTOR, ...descriptor }));
  return folder;
}

export function writeUnder(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
