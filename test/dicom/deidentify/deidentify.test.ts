// De-identified files: nothing of the person is left, the picture is the same, and films of one person stay together.
import { describe, expect, test } from 'vitest';
import { deidentified } from '#dicom/deidentify/deidentify.ts';
import { coarseAge, createPseudonyms, movedDate } from '#dicom/deidentify/pseudonyms.ts';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { ascii } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { encodeDataSet, text } from '#dicom/write/element.ts';
import { type FilmOptions, filmDicom } from '../../fixtures/film.ts';

const names = createPseudonyms(Buffer.alloc(32, 1));
const filmWithMarkers = await filmDicom({});
/** Phantoms say that their markers are burned in; these do not say. */
const quiet = (options: FilmOptions) => filmDicom({ ...options, without: [0x00280301] });

const SYNTAXES = [
  'explicit-little',
  'implicit-little',
  'explicit-big',
  'deflated',
  'jpeg-lossless',
  'jpeg-2000',
  'rle',
] as const;

describe.each(SYNTAXES)('%s', (syntax) => {
  test('the pixels are the same, and no identifier of the file is left in it', async () => {
    const film = await quiet({ study: `secret-${syntax}`, patient: 'MABN-777', syntax });
    const before = parseDicom(film);
    const tags = readTags(before);
    const { bytes, patient, sopInstanceUid } = deidentified(film, names);
    const after = parseDicom(bytes);
    expect((await decodeStored(after)).values).toEqual((await decodeStored(before)).values);
    expect(readTags(after)).toMatchObject({
      sopInstanceUid,
      patientId: patient,
      patientName: patient,
      patientSex: 'F',
      viewPosition: 'PA',
    });
    const { patientName, accessionNumber, studyInstanceUid, seriesInstanceUid, institutionName, stationName } = tags;
    for (const secret of [
      patientName,
      accessionNumber,
      studyInstanceUid,
      seriesInstanceUid,
      tags.sopInstanceUid,
      institutionName,
      stationName,
      '20260301',
      'MABN-777',
    ])
      expect(bytes.includes(Buffer.from(secret ?? 'absent'))).toBe(false);
    expect([ascii(after.dataSet, 0x00120062), ascii(after.dataSet, 0x00280303)]).toEqual(['YES', 'MODIFIED']);
  });
});

test('private and unknown elements are gone, also those that nobody has heard of', async () => {
  const film = await quiet({});
  const strange = encodeDataSet(
    [
      text(0x00091001, 'LO', 'NGUYEN VAN A'),
      text(0x00204000, 'LT', 'NGUYEN VAN A'),
      text(0x60004000, 'LT', 'NGUYEN VAN A'),
    ],
    'explicit-little',
  );
  const { bytes } = deidentified(Buffer.concat([film, strange]), names);
  expect(bytes.includes(Buffer.from('NGUYEN'))).toBe(false);
});

test('two films of one person keep one pseudonym and the distance of their dates; another key gives other names', async () => {
  const one = deidentified(await quiet({ study: 'a', patient: 'P' }), names);
  const two = deidentified(await quiet({ study: 'b', patient: 'P' }), names);
  const other = deidentified(await quiet({ study: 'b', patient: 'P' }), createPseudonyms(Buffer.alloc(32, 2)));
  expect(two.patient).toBe(one.patient);
  expect(two.sopInstanceUid).not.toBe(one.sopInstanceUid);
  expect(other.patient).not.toBe(one.patient);
  const date = (bytes: Buffer) => readTags(parseDicom(bytes)).studyDate;
  expect(date(two.bytes)).toBe(date(one.bytes));
});

test('a picture that may hold burned-in text is refused', async () => {
  expect(() => deidentified(filmWithMarkers, names)).toThrow(/burned-in-text/);
  // Of the same length, so that nothing else changes: a multi-frame secondary capture.
  const dx = '1.2.840.10008.5.1.4.1.1.1.1';
  const secondary = (await quiet({})).toString('latin1').replaceAll(dx, '1.2.840.10008.5.1.4.1.1.7.4');
  expect(() => deidentified(Buffer.from(secondary, 'latin1'), names)).toThrow(/a secondary capture/);
});

test.each([
  ['20260301', 40, '20260120'],
  ['2026.03.01', 1, '20260228'],
  ['garbage', 1, ''],
])('%s moved back by %d days is %s', (date, days, moved) => {
  expect(movedDate(date, days)).toBe(moved);
});

test.each([
  ['045Y', '045Y'],
  ['095Y', '090Y'],
  ['006W', '006W'],
  ['old', ''],
])('the age %s becomes %s', (age, coarse) => {
  expect(coarseAge(age)).toBe(coarse);
});
