// Claim files far larger than the heap of the process that reads them. `.ci/steps/46-claim-file-memory` does the same with 100 MB.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

/** The whole process starts with some 45 MiB of code in it: what is left could not hold the file once, let alone as objects. */
const HEAP_MIB = 96;
/** Young space, buffers and the parser's own work come on top of the heap; a whole file of 100 MB would need twice as much. */
const MOST_GROWTH_MIB = 170;

async function readHuge(kind: string, megabytes: number) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`,
    'test/interop/xml130/huge.ts',
    kind,
    String(megabytes),
  ]);
  const told: {
    counts: Record<string, number>;
    codes: string[];
    last: { records: number; reason?: string };
    grewMiB: number;
  } = JSON.parse(stdout);
  expect(told.grewMiB).toBeLessThan(MOST_GROWTH_MIB);
  return told;
}

describe('the memory of an import is bounded', { timeout: 240_000 }, () => {
  test('many records: each is told and forgotten', async () => {
    const megabytes = Number(process.env['HAIDANG_CLAIM_FILE_MB'] ?? 10);
    const { counts, last } = await readHuge('records', megabytes);
    // 100 rows in each record.
    expect(counts['measurement']).toBe(100 * last.records);
    expect(last.records).toBeGreaterThan(megabytes * 20);
    expect(counts['rejected']).toBeUndefined();
  });

  test('one record of 100 MB is refused, the ones around it are read', async () => {
    const { counts, codes, last } = await readHuge('one-record', 100);
    expect(codes).toEqual(['xml130.record-too-large']);
    expect([counts['measurement'], last.records]).toEqual([200, 2]);
  });

  test('100 MB without a record are no claim file', async () => {
    expect((await readHuge('no-record', 100)).last).toMatchObject({
      records: 0,
      reason: expect.stringContaining('HOSO'),
    });
  });

  test('an entity bomb is refused unread, in the envelope and inside a table', async () => {
    expect((await readHuge('bomb', 1)).last).toMatchObject({
      records: 0,
      reason: expect.stringContaining('document type'),
    });
    const hidden = await readHuge('hidden-bomb', 1);
    expect(hidden.codes).toEqual(['xml130.doctype-refused']);
    expect([hidden.counts['measurement'], hidden.last.records]).toEqual([100, 2]);
  });

  test('elements nested without end are refused, the other records are read', async () => {
    const { codes, counts, last } = await readHuge('deep', 4);
    expect(codes).toEqual(['xml130.bad-xml']);
    expect([counts['measurement'], counts['rejected'], last.records]).toEqual([100, 2, 2]);
  });
});
