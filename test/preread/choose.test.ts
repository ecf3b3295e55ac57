// Choice of the image of a study: the exposure before anything made from it, the later of two, never by UID or size alone.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InstanceTags } from '#dicom/read/tags.ts';
import { bestFirst } from '#preread/choose/choose.ts';
import { originOf } from '#preread/choose/image-origin.ts';
import { originNotices, originRefusals } from '#preread/choose/origin-reasons.ts';
import type { Prepared } from '#preread/read/prepare.ts';

const DX = '1.2.840.10008.5.1.4.1.1.1.1';
const CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

type Given = Partial<InstanceTags> & { readonly view?: string; readonly size?: number };

const tagsOf = (given: Given): InstanceTags =>
  ({ sopClassUid: DX, imageType: ['ORIGINAL', 'PRIMARY'], samples: 1, ...given }) as InstanceTags;

const imageOf = (uid: string, { view = 'PA', size = 1000, ...given }: Given): Prepared =>
  ({
    facts: { sopInstanceUid: uid, view, origin: originOf(tagsOf(given)) },
    sourceColumns: size,
    sourceRows: size,
  }) as Prepared;

/** The image that is read, whichever UIDs the two have and in whichever order they come. */
const read = (better: Given, worse: Given): readonly (string | undefined)[] =>
  [
    ['1', '2'],
    ['2', '1'],
  ].flatMap(([a = '', b = '']) => {
    const images = [imageOf(a, better), imageOf(b, worse)];
    return [images, images.toReversed()].map((given) =>
      bestFirst(given)[0]?.facts.sopInstanceUid === a ? 'better' : 'worse',
    );
  });

describe('is read before', () => {
  test.each<[string, Given, Given]>([
    ['a film before a larger capture', {}, { sopClassUid: CAPTURE, size: 3000 }],
    ['a film before a multi-frame capture class', {}, { sopClassUid: `${CAPTURE}.2` }],
    ['a film before an image with burnt-in text', {}, { burnedInAnnotation: 'Yes', size: 3000 }],
    ['a film before a colour image', {}, { samples: 3 }],
    ['an original before a derived one', {}, { imageType: ['DERIVED', 'PRIMARY'], size: 3000 }],
    ['an original AP before a derived PA', { view: 'AP' }, { imageType: ['derived ', 'PRIMARY'] }],
    ['a primary before a secondary one', {}, { imageType: ['ORIGINAL', 'SECONDARY'] }],
    ['FOR PRESENTATION before FOR PROCESSING', {}, { presentationIntent: 'for processing' }],
    [
      'a standard image before the soft-tissue one by Image Type',
      {},
      { imageType: ['ORIGINAL', 'PRIMARY', '', 'SOFT_TISSUE'] },
    ],
    ['a standard image before the bone one by Image Type', {}, { imageType: ['DERIVED', 'PRIMARY', '', 'BONE'] }],
    [
      'of three derived images the standard one by its series description',
      { imageType: ['DERIVED', 'PRIMARY'], seriesDescription: 'Chest PA' },
      { imageType: ['DERIVED', 'PRIMARY'], seriesDescription: 'Chest PA Bone Suppressed' },
    ],
    [
      'soft tissue before bone by the derivation description',
      { derivationDescription: 'Dual energy soft tissue' },
      { derivationDescription: 'Dual energy bones' },
    ],
    [
      'a standard image before what its comments call bone',
      { acquiredAt: '2026-11-24T08:15:00.000000' },
      { imageComments: 'BONE', acquiredAt: '2026-11-24T08:15:02.000000' },
    ],
    [
      'a standard image before soft tissue by its protocol',
      { protocolName: 'CHEST DE STANDARD', acquiredAt: '2026-11-24T08:15:00.000000' },
      { protocolName: 'CHEST DE TISSUE', acquiredAt: '2026-11-24T08:15:02.000000' },
    ],
    [
      'a standard image before bone by its processing',
      { acquiredAt: '2026-11-24T08:15:00.000000' },
      { processingDescription: 'DUAL ENERGY BONE', acquiredAt: '2026-11-24T08:15:02.000000' },
    ],
    ['PA before AP', { view: 'PA' }, { view: 'AP', size: 3000 }],
    [
      'the later exposure',
      { acquiredAt: '2026-11-24T08:17:30.000000', size: 500 },
      { acquiredAt: '2026-11-24T08:15:00.000000' },
    ],
    [
      'the exposure after midnight',
      { acquiredAt: '2026-11-25T00:01:00.000000' },
      { acquiredAt: '2026-11-24T23:59:00.000000' },
    ],
    ['the higher acquisition number of one moment', { acquisitionNumber: '10', size: 500 }, { acquisitionNumber: '9' }],
    [
      'the later series of one moment',
      { seriesNumber: '2', instanceNumber: '1' },
      { seriesNumber: '1', instanceNumber: '5' },
    ],
    ['a film before raw values by their class', {}, { sopClassUid: `${DX}.1`, presentationIntent: '' }],
    ['a film before what a workstation made under its class', {}, { conversionType: 'WSD', size: 3000 }],
    [
      'a film that is shown as a soft copy',
      { seriesDescription: 'Chest PA softcopy' },
      { imageType: ['DERIVED', 'PRIMARY'] },
    ],
    ['the higher instance number of one moment', { instanceNumber: '2', size: 500 }, { instanceNumber: '1' }],
    ['the larger of two alike', { size: 3000 }, { size: 1000 }],
  ])('%s', (_, better, worse) => {
    expect(read(better, worse)).toEqual(['better', 'better', 'better', 'better']);
  });
});

test.each<[string, Given, string[]]>([
  ['a plain film', {}, []],
  ['a derived film, as many detectors call theirs', { imageType: ['DERIVED', 'PRIMARY'] }, []],
  ['a scanned film of a secondary capture class', { sopClassUid: CAPTURE }, []],
  ['raw values', { presentationIntent: 'FOR PROCESSING' }, ['preread.for-processing']],
  ['raw values by their class', { sopClassUid: `${DX}.1` }, ['preread.for-processing']],
  ['a digitised film', { conversionType: 'DF' }, []],
  ['a film of a skeletal survey', { seriesDescription: 'Skeletal Survey Chest', imageComments: 'bone survey' }, []],
  ['a film for the ribs', { seriesDescription: 'NGỰC THẲNG, XƯƠNG SƯỜN' }, []],
  ['a film in a bone look', { processingDescription: 'BONE' }, []],
  ['a comment on bones', { imageComments: 'Query bone metastases' }, []],
  ['a backbone is no bone', { seriesDescription: 'Backbone' }, []],
  ['a test exposure', { qualityControlImage: 'YES' }, ['preread.quality-control-image']],
  ['NO is no test exposure', { qualityControlImage: 'NO' }, []],
  ['a colour capture', { sopClassUid: CAPTURE, samples: 3 }, ['preread.colour-image']],
  ['a film with a burnt-in marker', { burnedInAnnotation: 'YES' }, []],
  ['a capture with text', { sopClassUid: CAPTURE, burnedInAnnotation: 'YES' }, ['preread.burned-in-annotation']],
  ['a bone image', { imageType: ['DERIVED', 'PRIMARY', '', 'BONE'] }, ['preread.bone-image']],
])('alone, %s is read or refused for the true reason', (_, given, codes) => {
  expect(originRefusals(originOf(tagsOf(given))).map(({ code }) => code)).toEqual(codes);
});

test('raw values are read by a model that declares them, and stand behind a film all the same', () => {
  const raw: Given = { presentationIntent: 'FOR PROCESSING' };
  expect(originRefusals(originOf(tagsOf(raw)), { forProcessing: true })).toEqual([]);
  expect(originNotices(originOf(tagsOf(raw)))).toMatchObject([{ code: 'preread.not-the-exposure' }]);
  expect(read({}, raw)).toEqual(['better', 'better', 'better', 'better']);
});

test('the choice does not depend on the order in which images arrive', () => {
  const image = fc.record({
    view: fc.constantFrom('PA', 'AP'),
    size: fc.constantFrom(500, 1000),
    acquiredAt: fc.constantFrom('2026-11-24T08:00:00.000000', '2026-11-24T09:00:00.000000'),
    imageType: fc.constantFrom(['ORIGINAL', 'PRIMARY'], ['DERIVED', 'PRIMARY'], ['DERIVED', 'SECONDARY']),
  });
  fc.assert(
    fc.property(fc.array(image, { minLength: 1, maxLength: 5 }), (given) => {
      const images = given.map((one, at) => imageOf(String(at), one));
      expect(bestFirst(images.toReversed())[0]).toBe(bestFirst(images)[0]);
    }),
  );
});
