// A folder of synthetic films with a table, as a researcher would bring one: half of them have an effusion. No patient is in them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawChest } from '#phantom-cxr/chest.ts';
import { encodeGrayPng } from '#image/picture.ts';

export async function writePhantomFilms(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'phantom-films-'));
  const lines = ['image,mrn,age,sex,fluid'];
  for (let at = 0; at < count; at += 1) {
    const effusion = at % 2 === 0;
    // Two films of each person, on different days.
    const film = drawChest(9000 + Math.floor(at / 4) * 2 + (at % 2), {
      size: 256,
      ageBand: 'adult',
      view: 'PA',
      findings: effusion ? ['Effusion'] : [],
      visit: Math.floor((at % 4) / 2),
    });
    const { width: columns, height: rows } = film.plane;
    writeFileSync(join(folder, `f${at}.png`), await encodeGrayPng({ columns, rows, values: film.gray }));
    lines.push(
      `f${at}.png,P${Math.floor(at / 4) * 2 + (at % 2)},${film.subject.ageYears},${film.subject.sex},${effusion ? 'yes' : 'no'}`,
    );
  }
  writeFileSync(join(folder, 'films.csv'), `${lines.join('\n')}\n`);
  return folder;
}
