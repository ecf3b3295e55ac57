// The demo's morning: enough studies, of every kind that a service must cope with, and always the same.
import { beforeAll, expect, test } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags, type InstanceTags } from '#dicom/read/tags.ts';
import { morning, MORNING_FILES, type Arrival } from '#phantom-cxr/morning.ts';

const arrivals: Arrival[] = [];
const tags = new Map<string, InstanceTags>();

beforeAll(async () => {
  for await (const arrival of morning(1, { size: 96 })) arrivals.push(arrival);
  for (const { name, bytes, note } of arrivals) {
    if (!name.endsWith('.dcm') || note.en.includes('cut')) continue;
    tags.set(name, readTags(parseDicom(Buffer.from(bytes))));
  }
});

const noted = (word: string): readonly Arrival[] => arrivals.filter(({ note }) => note.en.includes(word));
const count = (values: Iterable<string | undefined>): Map<string, number> => {
  const out = new Map<string, number>();
  for (const value of values) if (value !== undefined) out.set(value, (out.get(value) ?? 0) + 1);
  return out;
};

test('there are at least 24 studies, and no two files have one name', () => {
  expect(new Set([...tags.values()].map((one) => one.studyInstanceUid)).size).toBeGreaterThanOrEqual(24);
  expect(new Set(arrivals.map(({ name }) => name)).size).toBe(arrivals.length);
  expect(arrivals.length).toBe(MORNING_FILES);
});

test('resends are the same bytes', () => {
  const again = arrivals.filter(({ name }) => name.includes('again'));
  expect(again.length).toBe(3);
  for (const resend of again) {
    const first = arrivals.find(({ name }) => name === resend.name.replace('-again', ''));
    expect(Buffer.compare(first?.bytes ?? new Uint8Array(), resend.bytes)).toBe(0);
  }
});

test('several patients have two studies, with one name, one identity and two accession numbers', () => {
  const own = [...tags].filter(([name]) => !name.includes('again')).map(([, one]) => one);
  const twice = [...count(own.map((one) => one.patientId))].filter(([, studies]) => studies === 2);
  expect(twice.length).toBeGreaterThanOrEqual(3);
  for (const [id] of twice) {
    const theirs = own.filter((one) => one.patientId === id);
    expect(new Set(theirs.map((one) => one.patientName)).size).toBe(1);
    expect(new Set(theirs.map((one) => one.accessionNumber)).size).toBe(2);
    expect(new Set(theirs.map((one) => one.studyInstanceUid)).size).toBe(2);
  }
});

test('there are children, both sexes, both views, twelve syntaxes and both photometric interpretations', () => {
  const all = [...tags.values()];
  expect(all.some((one) => (one.patientAgeYears ?? 99) < 13)).toBe(true);
  expect(new Set(all.map((one) => one.patientSex))).toEqual(new Set(['M', 'F']));
  expect(all.map((one) => one.viewPosition)).toEqual(expect.arrayContaining(['PA', 'AP', 'LL']));
  expect(new Set(all.map((one) => one.transferSyntaxUid)).size).toBe(12);
  expect(new Set(all.map((one) => one.photometric))).toEqual(new Set(['MONOCHROME1', 'MONOCHROME2', undefined]));
});

test('what is wrong with a file is wrong', () => {
  const cut = noted('cut')[0];
  expect(() => parseDicom(Buffer.from(cut?.bytes ?? []))).toThrow('dicom.truncated');
  const missing = (word: string): InstanceTags | undefined => tags.get(noted(word)[0]?.name ?? '');
  expect(missing('Photometric Interpretation is missing')?.photometric).toBeUndefined();
  // Its Series Description names the view all the same.
  expect(missing('View Position is missing')?.viewPosition).toBe('PA');
  expect(missing('a knee labelled as a chest')?.bodyPart).toBe('CHEST');
  expect(missing('a hand')?.bodyPart).toBe('HAND');
});

test('the same seed gives the same bytes, another seed other patients', async () => {
  const first = async (seed: number): Promise<Arrival | undefined> =>
    (await morning(seed, { size: 96 }).next()).value ?? undefined;
  expect((await first(1))?.bytes).toEqual(arrivals[0]?.bytes);
  expect((await first(2))?.bytes).not.toEqual(arrivals[0]?.bytes);
});

test('every note is there in both languages', () => {
  for (const { note } of arrivals) {
    expect(note.vi.length).toBeGreaterThan(3);
    expect(note.en.length).toBeGreaterThan(3);
    expect(note.vi).not.toBe(note.en);
  }
});
