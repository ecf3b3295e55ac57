// A reading as DICOM objects: the source's study, the API's numbers, the same bytes each time, and known again when they come back.
import { describe, expect, test } from 'vitest';
import { ascii, type DataSet } from '#dicom/read/element.ts';
import { text } from '#dicom/read/character-set.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { readTags } from '#dicom/read/tags.ts';
import { isOwnResult } from '#dicom/write/result-object.ts';
import { resultObjects } from '#interop/dicom-model/result-objects.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { assessedReading, evidence, titleOf } from '../../fixtures/assessed.ts';
import { filmDicom } from '../../fixtures/film.ts';

const film = await filmDicom({ study: 'results', patient: 'P-nguồn' });
const source = readTags(parseDicom(film));
const reading = assessedReading({ studyUid: source.studyInstanceUid, sopInstanceUid: source.sopInstanceUid });
const maps = new Map([['Effusion', await evidence(32, 32, [8, 20])]]);
const deps = { title: titleOf, pictures: inlinePictures };
const written = await resultObjects({ reading, film, maps }, deps);

const CONTENT = 0x0040a730;
const nameOf = (item: DataSet): string => ascii(itemsOf(item, 0x0040a043)[0]!, 0x00080100) ?? '';
const named = (item: DataSet, code: string): DataSet =>
  itemsOf(item, CONTENT).find((each) => itemsOf(each, 0x0040a043).length > 0 && nameOf(each) === code)!;

describe('the objects of an assessed reading', () => {
  test('are an SR, a SEG and a Secondary Capture of the study that was read', () => {
    expect(written.map(({ kind }) => kind)).toEqual(['SR', 'SEG', 'SC']);
    for (const { bytes } of written) {
      const tags = readTags(parseDicom(bytes));
      const { studyInstanceUid, patientId, patientName, accessionNumber, studyId, studyDate } = source;
      expect(tags).toMatchObject({ studyInstanceUid, patientId, patientName, accessionNumber, studyId, studyDate });
      expect(tags.seriesInstanceUid).not.toBe(source.seriesInstanceUid);
    }
  });

  test('carry every finding with its name and the probability that the API gives', () => {
    const report = parseDicom(written[0]!.bytes).dataSet;
    expect([ascii(report, 0x0040a493), ascii(report, 0x0040a496)]).toEqual(['UNVERIFIED', 'PRELIMINARY']);
    const groups = itemsOf(named(report, '126010'), CONTENT);
    const told = groups.map((group) => {
      const value = itemsOf(named(group, '111012'), 0x0040a300)[0]!;
      return [
        text(itemsOf(named(group, '121071'), 0x0040a168)[0]!, 0x00080104),
        value.elements.get(0x0040a161)!.bytes.readDoubleLE(0),
      ];
    });
    expect(told).toEqual(reading.findings.map(({ code, probability }) => [titleOf({}, code).en, probability * 100]));
  });

  test('are byte for byte the same when they are made again, and others for another reading', async () => {
    const again = await resultObjects({ reading, film, maps }, deps);
    expect(again.map(({ bytes }) => bytes)).toEqual(written.map(({ bytes }) => bytes));
    const [other] = await resultObjects(
      { reading: { ...reading, id: `${reading.id.slice(0, -1)}f` }, film, maps },
      deps,
    );
    expect(other?.sopInstanceUid).not.toBe(written[0]?.sopInstanceUid);
  });

  test('are recognised by their UIDs alone; a film is not', () => {
    for (const { bytes } of written) {
      const { seriesInstanceUid: seriesUid, sopInstanceUid } = readTags(parseDicom(bytes));
      expect(isOwnResult({ seriesUid, sopInstanceUid })).toBe(true);
    }
    expect(isOwnResult({ seriesUid: source.seriesInstanceUid, sopInstanceUid: source.sopInstanceUid })).toBe(false);
  });
});

test('without a map that is shown there is no SEG, and the picture says so', async () => {
  const objects = await resultObjects({ reading, film, maps: new Map() }, deps);
  expect(objects.map(({ kind }) => kind)).toEqual(['SR', 'SC']);
});

test('a study that was not assessed has no objects', async () => {
  expect(await resultObjects({ reading: { ...reading, outcome: 'not-assessed' }, film, maps }, deps)).toEqual([]);
});
