// A watched folder: whole files are taken once and moved aside, a growing file waits, a fault of ours loses nothing.
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prereadErrors } from '#preread/errors.ts';
import { createWatch } from '#interop/watch-folder/watch.ts';

let folder: string;
let now: number;
let taken: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haidang-watch-'));
  now = 0;
  taken = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

type Verdict = Awaited<ReturnType<Parameters<typeof createWatch>[1]['take']>>;
const watch = (verdict: (text: string) => Verdict = () => ({ status: 'stored' })) =>
  createWatch(
    { folder, everyMs: 1000, quietMs: 3000 },
    {
      async take(bytes) {
        const text = String(bytes);
        taken.push(text);
        return verdict(text);
      },
      maxInstanceBytes: 100,
      now: () => new Date(now),
      fault: () => undefined,
    },
  );
const lookAt = async (look: () => Promise<number>, ...moments: number[]): Promise<void> => {
  for (const moment of moments) {
    now = moment;
    await look();
  }
};
const files = (sub = '') =>
  readdirSync(join(folder, sub), { withFileTypes: true }).flatMap((each) => (each.isFile() ? each.name : []));

test('a file is taken once it has not changed for the quiet time, and moved aside', async () => {
  writeFileSync(join(folder, 'a.dcm'), 'one');
  const look = watch();
  await lookAt(look, 0, 2000);
  expect(taken).toEqual([]);
  appendFileSync(join(folder, 'a.dcm'), ' more');
  await lookAt(look, 3000, 5000);
  expect(taken).toEqual([]);
  await lookAt(look, 6000, 9000);
  expect(taken).toEqual(['one more']);
  expect([files(), files('taken')]).toEqual([[], ['a.dcm']]);
});

test('unfinished names, hidden and empty files are left alone', async () => {
  for (const name of ['a.part', '.b', 'c.tmp', 'd~']) writeFileSync(join(folder, name), 'x');
  writeFileSync(join(folder, 'empty'), '');
  await lookAt(watch(), 0, 10_000);
  expect(taken).toEqual([]);
  expect(files()).toHaveLength(5);
});

test('a refused file is moved to its own folder, and a second one of its name does not overwrite it', async () => {
  const look = watch(() => ({ status: 'refused', error: prereadErrors.error('unknown-format') }));
  for (const [at, text] of ['x', 'y'].entries()) {
    writeFileSync(join(folder, 'a.txt'), text);
    await lookAt(look, 10_000 * at, 10_000 * at + 5000);
  }
  expect(files('refused').toSorted()).toEqual(['a.txt', 'a.txt.1']);
});

test('a fault of ours leaves the file where it is, and it is tried again', async () => {
  writeFileSync(join(folder, 'a.dcm'), 'one');
  let busy = true;
  const look = watch(() =>
    busy ? { status: 'refused', error: prereadErrors.error('decode-deadline') } : { status: 'stored' },
  );
  await lookAt(look, 0, 4000);
  expect(files()).toEqual(['a.dcm']);
  busy = false;
  await lookAt(look, 5000, 9000);
  expect([files(), taken]).toEqual([[], ['one', 'one']]);
});
