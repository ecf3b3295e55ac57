// Rejection notes through the intake: each code, before and after the film, resent films, and notes that reject nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { USUAL_COMPLETENESS } from '#models/completeness.ts';
import { takeInstance } from '#preread/intake/take-instance.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { type Elements, encodeDataSet, nativeFile, part10, SYNTAX } from '../dicom/support/build.ts';
import { cells, wave } from '../dicom/support/encode.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';
import { newUid, sampleAlert, sampleReading } from '../store/samples.ts';

const PICTURE = { rows: 24, columns: 20, bitsAllocated: 16, bitsStored: 12 };

let at: TestStore;
beforeAll(async () => {
  at = await openTestStore('embedded');
});
afterAll(() => at.close());

const take = (sent: Buffer) =>
  takeInstance(sent, {
    store: at.local,
    blobs: at.store.blobs,
    judge: (bytes) => inlinePictures.prepare(bytes, { steps: [], atLeast: { columns: 8, rows: 8 } }),
    completeness: USUAL_COMPLETENESS,
    identify: inlinePictures.identity,
    actor: 'upload',
    declared: {},
  });

function film(study: string, sop: string, seed = 1): Buffer {
  const more: Elements = {
    0x00080018: ['UI', sop],
    0x0020000d: ['UI', study],
    0x00080060: ['CS', 'DX'],
    0x00100020: ['LO', `P-${study}`],
  };
  return nativeFile(PICTURE, cells(wave(PICTURE, seed), 16), { more });
}

interface Note {
  readonly study: string;
  readonly images: readonly string[];
  readonly code: string;
  readonly scheme?: string;
  readonly within?: 'evidence' | 'content';
  readonly uid?: string;
}

function note({ study, images, code, scheme = 'DCM', within = 'evidence', uid = newUid() }: Note): Buffer {
  const references = images.map((sop): Elements => ({
    0x00081150: ['UI', '1.2.840.10008.5.1.4.1.1.1.1'],
    0x00081155: ['UI', sop],
  }));
  const series: Elements = { 0x0020000e: ['UI', newUid()], 0x00081199: ['SQ', references] };
  const evidence: Elements = { 0x0020000d: ['UI', study], 0x00081115: ['SQ', [series]] };
  const content = references.map((one): Elements => ({ 0x0040a040: ['CS', 'IMAGE'], 0x00081199: ['SQ', [one]] }));
  return part10(
    encodeDataSet({
      0x00080016: ['UI', '1.2.840.10008.5.1.4.1.1.88.59'],
      0x00080018: ['UI', uid],
      0x00080060: ['CS', 'KO'],
      0x0020000d: ['UI', study],
      0x0020000e: ['UI', newUid()],
      0x0040a043: ['SQ', [{ 0x00080100: ['SH', code], 0x00080102: ['SH', scheme], 0x00080104: ['LO', 'title'] }]],
      ...(within === 'evidence' ? { 0x0040a375: ['SQ', [evidence]] } : { 0x0040a730: ['SQ', content] }),
    }),
    SYNTAX.explicit,
  );
}

async function readFilm() {
  const [study, sop] = [newUid(), newUid()];
  await take(film(study, sop));
  return { study, sop, reading: await readAs(study, sop) };
}

async function readAs(study: string, sop: string) {
  const instance = await at.local.intake.instance(sop);
  if (instance === undefined) throw new Error('the film is not there');
  const reading = sampleReading(instance);
  const subject = { patientCode: `P-${study}`, studyUid: study };
  await at.local.readings.commit({
    reading,
    heatmaps: [],
    told: [{ kind: 'alert', alert: sampleAlert(reading, { subject }) }],
    outbox: [],
    audit: [],
  });
  await at.sql(`update job set state = 'done' where key = $1`, [study]);
  return reading;
}

const open = (study: string) => at.local.alerts.list({ studyUid: study, statuses: ['new', 'seen', 'acknowledged'] });
const current = (study: string) => at.local.readings.currentOfStudy(study);
const waiting = (study: string) => at.sql(`select 1 from job where key = $1 and state = 'waiting'`, [study]);

test.each([
  ['113001', 'quality reasons', 'evidence'],
  ['113037', 'patient safety', 'content'],
  ['113038', 'wrong worklist entry', 'evidence'],
  ['113039', 'time for which the image is stored', 'content'],
] as const)('%s withdraws the film, its reading and its alert, and says: %s', async (code, says, within) => {
  const { study, sop, reading } = await readFilm();
  const bytes = note({ study, images: [sop], code, within });
  expect(await take(bytes)).toMatchObject({ status: 'stored', studyUid: study });
  expect(await take(bytes)).toMatchObject({ status: 'duplicate' });
  expect(await open(study)).toEqual([]);
  const withdrawn = await current(study);
  expect(withdrawn).toMatchObject({ outcome: 'not-assessed', revision: 2, reasons: [{ code: 'preread.withdrawn' }] });
  expect(withdrawn?.reasons[0]?.text.en).toContain(says);
  expect(await at.local.readings.get(reading.id)).toMatchObject({ supersededBy: withdrawn?.id });
  expect((await at.local.intake.study(study))?.instances).toEqual([]);
  expect(await at.local.intake.instance(sop)).toBeUndefined();
  expect(await at.local.alerts.list({ patientCode: `P-${study}`, include: ['superseded'] })).toEqual([]);
  expect((await at.local.audit.verify()).intact).toBe(true);

  // The film once more: wrong ones stay withdrawn, a copy of one whose time was over comes back.
  await at.sql(`update job set state = 'done' where key = $1`, [study]);
  expect(await take(film(study, sop))).toMatchObject({ status: 'duplicate' });
  const back = code === '113039' ? 1 : 0;
  expect((await at.local.intake.study(study))?.instances).toHaveLength(back);
  expect(await waiting(study)).toHaveLength(back);
});

test('a note of interest, and a code of another scheme, withdraw nothing', async () => {
  const { study, sop, reading } = await readFilm();
  for (const other of [{ code: '113000' }, { code: '113030' }, { code: '113038', scheme: '99OTHER' }])
    expect(await take(note({ study, images: [sop], ...other }))).toMatchObject({ status: 'refused' });
  expect(await current(study)).toMatchObject({ id: reading.id });
  expect(await open(study)).toHaveLength(1);
});

test.each(['113001', '113037', '113038'])(
  'a note %s that comes before its film withdraws it on arrival',
  async (code) => {
    const [study, sop] = [newUid(), newUid()];
    expect(await take(note({ study, images: [sop], code }))).toMatchObject({ status: 'stored' });
    expect(await at.local.intake.study(study)).toBeUndefined();
    expect(await take(film(study, sop))).toMatchObject({ status: 'stored' });
    expect((await at.local.intake.study(study))?.instances).toEqual([]);
    expect(await current(study)).toMatchObject({ outcome: 'not-assessed', reasons: [{ code: 'preread.withdrawn' }] });
    expect(await waiting(study)).toEqual([]);
  },
);

test('of two films the one that is left is read again; a note about the film that was not read leaves the reading', async () => {
  const { study, sop, reading } = await readFilm();
  const [lateral, third] = [newUid(), newUid()];
  await take(film(study, lateral, 2));
  await take(film(study, third, 3));
  await at.sql(`update job set state = 'done' where key = $1`, [study]);
  await take(note({ study, images: [lateral], code: '113001' }));
  expect(await current(study)).toMatchObject({ id: reading.id });
  expect(await waiting(study)).toHaveLength(1);
  await take(note({ study, images: [sop], code: '113038' }));
  expect(await current(study)).toMatchObject({ outcome: 'not-assessed' });
  expect(await open(study)).toEqual([]);
  // What is found on the other film is told, though the alert of the first had the same key.
  const next = await readAs(study, third);
  expect(await current(study)).toMatchObject({ id: next.id });
  expect(await open(study)).toMatchObject([{ sourceId: next.id }]);
});

test('a reading that began before the note is not committed after it', async () => {
  const [study, sop] = [newUid(), newUid()];
  await take(film(study, sop));
  const stored = await at.local.intake.study(study);
  const [instance] = stored?.instances ?? [];
  if (stored === undefined || instance === undefined) throw new Error('the film is not there');
  await take(note({ study, images: [sop], code: '113037' }));
  const { factsRevision } = stored;
  const late = { reading: sampleReading(instance), factsRevision, heatmaps: [], told: [], outbox: [], audit: [] };
  await expect(at.local.readings.commit(late)).rejects.toMatchObject({ code: 'store.study-changed' });
});
