// A film that comes again through the intake: known in every lossless wrapping, corrected where its tags were, a conflict with other pixels.
import fc from 'fast-check';
import { USUAL_COMPLETENESS } from '#models/completeness.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeInstance } from '#preread/intake/take-instance.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { compressedFile, type Elements, nativeFile, type Picture, SYNTAX } from '../dicom/support/build.ts';
import { cells, type Encoder, encodeFrame, encodeRle, wave } from '../dicom/support/encode.ts';
import { openTestStore, type TestStore } from '../store/hosts.ts';
import { newUid } from '../store/samples.ts';

const SIZE = { rows: 24, columns: 20 };
const STREAMS = {
  'jpeg-lossless': SYNTAX.jpegLossless,
  'jpeg-ls': SYNTAX.jpegLs,
  'jpeg-2000': SYNTAX.jpeg2000,
  htj2k: SYNTAX.htj2k,
} as const satisfies Partial<Record<Encoder, string>>;
type Wrapping = 'implicit' | 'explicit' | 'bigEndian' | 'deflated' | 'rle' | keyof typeof STREAMS;

let at: TestStore;
beforeAll(async () => {
  at = await openTestStore('embedded');
});
afterAll(() => at.close());

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

async function fileOf(wrapping: Wrapping, picture: Picture, film: { values: number[]; more: Elements }) {
  const { values, more } = film;
  if (wrapping === 'rle') return compressedFile(picture, [encodeRle(picture, values)], { syntax: SYNTAX.rle, more });
  if (wrapping in STREAMS) {
    const encoder = wrapping as keyof typeof STREAMS;
    const stream = await encodeFrame(encoder, picture, values);
    return compressedFile(picture, [stream], { syntax: STREAMS[encoder], more });
  }
  const syntax = SYNTAX[wrapping as 'implicit' | 'explicit' | 'bigEndian' | 'deflated'];
  const bytes = cells(values, picture.bitsAllocated ?? 8);
  const pixels = wrapping === 'bigEndian' && picture.bitsAllocated === 16 ? swapped(bytes) : bytes;
  return nativeFile(picture, pixels, { syntax, more });
}

const tagsOf = (uid: { study: string; sop: string }, person: { id?: string; name?: string } = {}): Elements => ({
  0x00080018: ['UI', uid.sop],
  0x0020000d: ['UI', uid.study],
  0x00080020: ['DA', '20260301'],
  0x00080060: ['CS', 'DX'],
  0x00100010: ['PN', person.name ?? 'PHANTOM^AN'],
  0x00100020: ['LO', person.id ?? 'P-RESEND'],
  0x00101010: ['AS', '054Y'],
});

const take = (bytes: Buffer) =>
  takeInstance(bytes, {
    store: at.local,
    blobs: at.store.blobs,
    judge: (film) => inlinePictures.prepare(film, { steps: [], atLeast: { columns: 8, rows: 8 } }),
    identify: inlinePictures.identity,
    actor: 'upload',
    declared: {},
    completeness: USUAL_COMPLETENESS,
  });

const versionsOf = (sop: string) =>
  at.sql<{ sha256: string }>('select sha256 from instance_version where sop_instance_uid = $1', [sop]);

const wrappings = ['implicit', 'explicit', 'bigEndian', 'deflated', 'rle', ...Object.keys(STREAMS)] as Wrapping[];

test('a resend in any lossless wrapping is known, and the first file stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...wrappings),
      fc.constantFrom(...wrappings),
      fc.constantFrom<Picture>(
        { ...SIZE, bitsAllocated: 8 },
        { ...SIZE, bitsAllocated: 16, bitsStored: 12 },
        { ...SIZE, bitsAllocated: 16, bitsStored: 16 },
      ),
      fc.record({ seed: fc.nat(50), note: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }) }),
      async (first, again, picture, { seed, note }) => {
        const uid = { study: newUid(), sop: newUid() };
        const film = { values: wave(picture, seed), more: tagsOf(uid) };
        expect(await take(await fileOf(first, picture, film))).toMatchObject({ status: 'stored' });
        const more = { ...film.more, 0x00090010: ['LO', 'PRIVATE'], 0x00091001: ['LO', note] } as const;
        expect(await take(await fileOf(again, picture, { ...film, more }))).toMatchObject({ status: 'duplicate' });
        expect(await versionsOf(uid.sop)).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test('other pixels under one SOP Instance UID stay a conflict, and so does another study', async () => {
  const picture = { ...SIZE, bitsAllocated: 16, bitsStored: 12 };
  const uid = { study: newUid(), sop: newUid() };
  const values = wave(picture, 1);
  await take(await fileOf('explicit', picture, { values, more: tagsOf(uid) }));
  const oneOther = values.with(17, (values[17] ?? 0) ^ 1);
  const others = [
    await fileOf('explicit', picture, { values: oneOther, more: tagsOf(uid) }),
    await fileOf('implicit', picture, { values, more: tagsOf({ ...uid, study: newUid() }) }),
    await fileOf('explicit', { ...picture, rows: 20, columns: 24 }, { values, more: tagsOf(uid) }),
  ];
  for (const other of others)
    expect(await take(other)).toMatchObject({ status: 'refused', error: { code: 'store.conflicting-instance' } });
  expect(await at.local.intake.study(uid.study)).toMatchObject({ instances: [{ rows: 24, columns: 20 }] });
});

test('corrected person: the study follows, the newer file is kept, and it is read as the file before', async () => {
  const picture = { ...SIZE, bitsAllocated: 16, bitsStored: 12 };
  const uid = { study: newUid(), sop: newUid() };
  const values = wave(picture, 2);
  const first = await fileOf('explicit', picture, { values, more: tagsOf(uid, { name: 'PHANTOM^AN' }) });
  await take(first);
  const before = await at.local.intake.study(uid.study);
  const again = await fileOf('rle', picture, { values, more: tagsOf(uid, { id: 'P-RIGHT', name: 'PHANTOM^ANH' }) });
  expect(await take(again)).toMatchObject({ status: 'duplicate' });
  const after = await at.local.intake.study(uid.study);
  expect(after).toMatchObject({ patient: { id: 'P-RIGHT', name: 'PHANTOM^ANH' }, patientKey: 'id:P-RIGHT' });
  const [old] = before?.instances ?? [];
  expect(after?.instances).toMatchObject([{ readAs: old?.blob.sha256 }]);
  expect(after?.instances[0]?.blob.sha256).not.toBe(old?.blob.sha256);
  expect(await at.store.blobs.get(after?.instances[0]?.blob.sha256 ?? '')).toEqual(again);
  expect(await versionsOf(uid.sop)).toEqual([{ sha256: old?.blob.sha256 }]);
  const entries = await at.local.audit.list({ subjectType: 'study', subjectId: uid.study });
  expect(entries).toMatchObject([{ action: 'study.corrected', detail: { fields: ['patientId', 'patientName'] } }]);
  expect(JSON.stringify(entries)).not.toMatch(/PHANTOM|P-RIGHT|P-RESEND/);
  expect((await at.local.audit.verify()).intact).toBe(true);
});

test('another window makes another film to a reader: it is read again under its own hash', async () => {
  const picture = { ...SIZE, bitsAllocated: 16, bitsStored: 12 };
  const uid = { study: newUid(), sop: newUid() };
  const values = wave(picture, 3);
  await take(await fileOf('explicit', picture, { values, more: tagsOf(uid) }));
  await at.sql(`update job set state = 'done' where key = $1`, [uid.study]);
  const window: Elements = { 0x00281050: ['DS', '1000'], 0x00281051: ['DS', '500'] };
  await take(await fileOf('explicit', picture, { values, more: { ...tagsOf(uid), ...window } }));
  const study = await at.local.intake.study(uid.study);
  expect(study?.instances[0]?.readAs).toBeUndefined();
  expect(await at.sql(`select state from job where key = $1 and state = 'waiting'`, [uid.study])).toHaveLength(1);
});
