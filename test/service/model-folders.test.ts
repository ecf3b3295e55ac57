// A folder of models is told of once, when it has stopped changing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openModelFolders } from '#service/model-folders.ts';

const root = mkdtempSync(join(tmpdir(), 'haidang-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('a folder that came, changed or went is named once, and not while it is being copied', async () => {
  write('old/model.json', '1');
  const folders = await openModelFolders(root);
  expect(await folders.changed()).toEqual([]);

  write('new/model.json', '1');
  expect(await folders.changed()).toEqual([]);
  write('new/1/model.onnx', 'half');
  expect(await folders.changed()).toEqual([]);
  expect(await folders.changed()).toEqual(['new']);
  expect(await folders.changed()).toEqual([]);

  write('new/1/model.onnx', 'whole');
  rmSync(join(root, 'old'), { recursive: true });
  expect(await folders.changed()).toEqual([]);
  expect((await folders.changed()).toSorted()).toEqual(['new', 'old']);
  expect(await folders.changed()).toEqual([]);

  // Back as it was before anybody looked twice.
  write('flash/model.json', '1');
  expect(await folders.changed()).toEqual([]);
  rmSync(join(root, 'flash'), { recursive: true });
  expect(await folders.changed()).toEqual([]);
});

test('a folder of models that is not there has none, and may come later', async () => {
  const folders = await openModelFolders(join(root, 'later'));
  expect(await folders.changed()).toEqual([]);
  write('later/model-a/model.json', '1');
  await folders.changed();
  expect(await folders.changed()).toEqual(['model-a']);
});
