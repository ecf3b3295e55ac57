// Tags are read as they are, required ones are demanded by name, and nothing is invented for one that is missing.
import { describe, expect, test } from 'vitest';
import { parseDicom } from '#dicom/read/parse.ts';
import { ageYears, isoDate } from '#dicom/read/age.ts';
import { type InstanceTags, isoTime, readTags } from '#dicom/read/tags.ts';
import { type Elements, encodeDataSet, part10, pictureElements, SYNTAX } from './support/build.ts';

const read = (more: Elements = {}): InstanceTags =>
  readTags(
    parseDicom(part10(encodeDataSet({ ...pictureElements({ rows: 4, columns: 5 }), ...more }), SYNTAX.explicit)),
  );

test('what a chest film of a Vietnamese hospital says of itself', () => {
  const tags = read({
    0x00080005: ['CS', 'ISO_IR 192'],
    0x00080020: ['DA', '20260105'],
    0x00080030: ['TM', '071530.25'],
    0x00080050: ['SH', '123456'],
    0x00080060: ['CS', 'DX'],
    0x00081030: ['LO', Buffer.from('Chụp X-quang ngực thẳng ')],
    0x00100010: ['PN', Buffer.from('NGUYỄN^VĂN^AN^^')],
    0x00100020: ['LO', '0000012345 '],
    0x00100030: ['DA', '19800310'],
    0x00100040: ['CS', 'M'],
    0x00180015: ['CS', 'CHEST'],
    0x00185101: ['CS', 'PA'],
  });
  expect(tags).toMatchObject({
    sopInstanceUid: '2.25.1',
    studyInstanceUid: '2.25.2',
    modality: 'DX',
    studyDate: '2026-01-05',
    studyTime: '07:15:30',
    accessionNumber: '123456',
    studyDescription: 'Chụp X-quang ngực thẳng',
    patientName: 'NGUYỄN^VĂN^AN',
    patientId: '0000012345',
    patientSex: 'M',
    // From 10 March 1980 to 5 January 2026: the birthday of that year is still to come.
    patientAgeYears: 45,
    bodyPart: 'CHEST',
    viewPosition: 'PA',
    rows: 4,
    columns: 5,
    photometric: 'MONOCHROME2',
    hasPixelData: false,
    transferSyntaxUid: SYNTAX.explicit,
  });
});

test('what is missing stays undefined', () => {
  const tags = read();
  for (const name of [
    'modality',
    'bodyPart',
    'viewPosition',
    'patientId',
    'patientName',
    'patientAgeYears',
    'studyDate',
    'frames',
  ] as const) {
    expect(tags[name]).toBeUndefined();
  }
});

test.each([
  [0x00080016, '(0008,0016)'],
  [0x00080018, '(0008,0018)'],
  [0x0020000d, '(0020,000D)'],
  [0x0020000e, '(0020,000E)'],
])('the identity %i is demanded by name', (tag, name) => {
  expect(() => read({ [tag]: ['UI', ''] })).toThrow(
    expect.objectContaining({ code: 'dicom.missing-tag', field: name }),
  );
  expect(() => read({ [tag]: ['UI', 'Nguyen Van A'] })).toThrow(
    expect.objectContaining({ code: 'dicom.bad-tag', field: name }),
  );
});

test('no refusal repeats what the file holds in place of a UID', () => {
  expect(() => read({ 0x00080018: ['UI', 'Nguyen Van A'] })).not.toThrow(/Nguyen/);
});

test('view and region are read from their codes where the old tags are missing', () => {
  const code = (value: string): Elements => ({ 0x00080100: ['SH', value] });
  expect(read({ 0x00540220: ['SQ', [code('R-10214')]] }).viewPosition).toBe('PA');
  expect(read({ 0x00540220: ['SQ', [code('399348003')]] }).viewPosition).toBe('AP');
  expect(read({ 0x00540220: ['SQ', [code('unknown')]] }).viewPosition).toBeUndefined();
  expect(read({ 0x00082218: ['SQ', [code('T-D3000')]] }).bodyPart).toBe('CHEST');
});

describe('ages, dates and times', () => {
  test('ages in each unit', () => {
    expect(ageYears('045Y')).toBe(45);
    expect(ageYears('018M')).toBe(1.5);
    expect(ageYears('007D')).toBeCloseTo(7 / 365.25, 10);
    expect(ageYears('002W')).toBeCloseTo(14 / 365.25, 10);
    expect(ageYears('45')).toBeUndefined();
  });

  test('a day that no calendar has, or a time that no clock has, is left out', () => {
    expect(isoDate('20260230')).toBeUndefined();
    expect(isoDate('20240229')).toBe('2024-02-29');
    expect(isoDate('1997.04.24')).toBe('1997-04-24');
    expect(isoTime('2460')).toBeUndefined();
    expect(isoTime('10')).toBe('10:00:00');
    expect(isoTime('10:15:30')).toBe('10:15:30');
  });
});
