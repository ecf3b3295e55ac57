// The first line of a backup: forms up to our own are read, a later one is told as such, and anything else is no backup.
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBackupFile, writeBackupFile } from '#store/backup/backup-file.ts';
import { sha256Hex } from '#kernel/ids.ts';

async function written(): Promise<string> {
  const out = new PassThrough();
  const file = buffer(out);
  const backup = await writeBackupFile(out);
  const content = Buffer.from('a film');
  await backup.add({ name: 'blobs/x', bytes: content.length, sha256: sha256Hex(content) }, Readable.from([content]));
  await backup.end();
  return gunzipSync(await file).toString();
}

async function namesIn(text: string): Promise<string[]> {
  const names: string[] = [];
  await readBackupFile(Readable.from([gzipSync(text)]), async ({ name }, content) => {
    for await (const _ of content) names.push(name);
  });
  return names;
}

test('our own form and the one before it are read', async () => {
  const text = await written();
  expect(text).toMatch(/^HAIDANG-BACKUP 2\n/);
  expect(await namesIn(text)).toEqual(['blobs/x']);
  expect(await namesIn(text.replace('BACKUP 2', 'BACKUP 1'))).toEqual(['blobs/x']);
});

test('a later form was made by a newer version, whatever follows; nothing else has a form', async () => {
  for (const form of ['3', '12', '999999999'])
    await expect(namesIn(`HAIDANG-BACKUP ${form}\n{"some":"new head"}\n`)).rejects.toMatchObject({
      code: 'store.backup-newer',
      reason: `form ${form}; this program reads up to 2`,
    });
  for (const line of [
    'HAIDANG-BACKUP 0',
    'HAIDANG-BACKUP 2.5',
    'HAIDANG-BACKUP',
    'HAIDANG-BACKUP 03',
    'haidang-backup 2',
    '',
  ])
    await expect(namesIn(`${line}\n`)).rejects.toMatchObject({ code: 'store.backup-damaged' });
});

test('a backup that was cut off anywhere is damaged', async () => {
  const text = await written();
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: text.length - 1 }), async (at) => {
      await expect(namesIn(text.slice(0, at))).rejects.toMatchObject({ code: 'store.backup-damaged' });
    }),
    { numRuns: 50 },
  );
});
