// Regions of the findings' maps as a binary DICOM SEG (PS3.3 A.51): one segment and one frame per finding, in the film's own
// pixels, because viewers lay a segmentation over an image of the same size only.
import { type Code, codeItem, dcm, sct, SOURCE_IMAGE } from './code.ts';
import { bytes, type DataSet, type Element, numbers, sequence, text } from './element.ts';
import { trackingUid } from './measurement-report.ts';
import { type ResultContext, type ResultObject, resultObject } from './result-object.ts';
import { referencedSeries, referenceTo } from './source-film.ts';
import { derivedUid } from './uid.ts';

export interface Segment {
  readonly key: string;
  readonly code: Code;
  readonly title: string;
  /** 1 where the evidence is strong; row-major, of the film's full size. */
  readonly mask: Uint8Array;
}

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';
/** The property that a segment shows is a disorder, not an organ. */
const ABNORMAL = sct('49755003', 'Morphologically Abnormal Structure');
const CHEST = sct('816094009', 'Chest');

/** CIELab as 16-bit values (PS3.3 C.10.7.1.1): told apart also by readers who cannot tell red from green. */
const COLOURS = [
  [50_000, 36_000, 52_000],
  [40_000, 30_000, 20_000],
  [55_000, 22_000, 40_000],
  [45_000, 48_000, 36_000],
] as const;

/** One bit per pixel, the first pixel in the lowest bit; frames follow without a gap (PS3.5 8.1.1). */
export function packBits(masks: readonly Uint8Array[]): Uint8Array {
  const bits = masks.reduce((sum, { length }) => sum + length, 0);
  const packed = new Uint8Array(Math.ceil(bits / 16) * 2);
  let at = 0;
  for (const mask of masks) {
    for (let i = 0; i < mask.length; i += 1, at += 1) if (mask[i]! !== 0) packed[at >> 3]! |= 1 << (at & 7);
  }
  return packed;
}

function segmentItem(segment: Segment, index: number, { device, readingId }: ResultContext): DataSet {
  return [
    sequence(0x00620003, codeItem(ABNORMAL)),
    numbers(0x00620004, 'US', index + 1),
    text(0x00620005, 'LO', segment.title.slice(0, 64)),
    text(0x00620008, 'CS', 'AUTOMATIC'),
    text(0x00620009, 'LO', `${device.modelId} ${device.modelVersion}`.slice(0, 64)),
    numbers(0x0062000d, 'US', ...(COLOURS[index % COLOURS.length] ?? COLOURS[0])),
    sequence(0x0062000f, codeItem(segment.code)),
    sequence(0x00082218, codeItem(CHEST)),
    text(0x00620020, 'UT', segment.title),
    text(0x00620021, 'UI', trackingUid(readingId, segment.key)),
  ];
}

const frameItem = (index: number, { film }: ResultContext): DataSet => [
  sequence(0x00089124, [
    sequence(0x00082112, [
      ...referenceTo(film),
      text(0x0028135a, 'CS', 'YES'),
      sequence(0x0040a170, codeItem(SOURCE_IMAGE)),
    ]),
    sequence(0x00089215, codeItem(dcm('113076', 'Segmentation'))),
  ]),
  sequence(0x00209111, [numbers(0x00209157, 'UL', index + 1)]),
  sequence(0x0062000a, [numbers(0x0062000b, 'US', index + 1)]),
];

/**
 * Pixel Measures: OHIF demands the item, highdicom both of its values, dciodvfy a thickness above zero: 1 mm stands for none. There is no frame of reference: the
 * pixels of a radiograph have no place in the room, and a viewer that finds one looks for their orientation.
 */
const pixelMeasures = ({ film }: ResultContext): Element =>
  sequence(0x00289110, [
    ...(film.pixelSpacing === '' ? [] : [text(0x00280030, 'DS', film.pixelSpacing)]),
    text(0x00180050, 'DS', '1'),
  ]);

/** Plane Orientation: OHIF demands it. Without a frame of reference it says that the segments lie as the film does, and names no direction in the patient. */
const OWN_AXES = sequence(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]);

/** `segments` holds at least one. */
export function segmentation(segments: readonly Segment[], context: ResultContext): ResultObject {
  const { film, readingId } = context;
  const organization = text(0x00209164, 'UI', derivedUid('haidang-dimensions', readingId));
  return resultObject('SEG', context, {
    sopClassUid: SEGMENTATION,
    elements: [
      text(0x00080008, 'CS', 'DERIVED\\PRIMARY'),
      referencedSeries(film, 0x0008114a),
      text(0x00180015, 'CS', 'CHEST'),
      text(0x00200020, 'CS', film.patientOrientation),
      sequence(0x00209221, [organization]),
      sequence(0x00209222, [
        organization,
        numbers(0x00209165, 'AT', 0x0062000b),
        numbers(0x00209167, 'AT', 0x0062000a),
        text(0x00209421, 'LO', 'ReferencedSegmentNumber'),
      ]),
      numbers(0x00280002, 'US', 1),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(segments.length)),
      numbers(0x00280010, 'US', film.rows),
      numbers(0x00280011, 'US', film.columns),
      numbers(0x00280100, 'US', 1),
      numbers(0x00280101, 'US', 1),
      numbers(0x00280102, 'US', 0),
      numbers(0x00280103, 'US', 0),
      text(0x00282110, 'CS', '00'),
      text(0x00620001, 'CS', 'BINARY'),
      sequence(0x00620002, ...segments.map((segment, index) => segmentItem(segment, index, context))),
      text(0x00700080, 'CS', 'AI_EVIDENCE'),
      text(0x00700081, 'LO', 'Evidence of an AI pre-read; not verified'),
      text(0x00700084, 'PN', 'Haidang^AI'),
      sequence(0x52009229, [pixelMeasures(context), OWN_AXES]),
      sequence(0x52009230, ...segments.map((_, index) => frameItem(index, context))),
      bytes(0x7fe00010, 'OB', packBits(segments.map(({ mask }) => mask))),
    ],
  });
}
