// An assessed reading as a DICOM SR by TID 1500 (PS3.16): one measurement group per finding, always PRELIMINARY and UNVERIFIED.
import { type Code, dcm, own, sct, ucum } from './code.ts';
import {
  codeContent,
  container,
  imageContent,
  numberContent,
  regionContent,
  rootContainer,
  textContent,
  uidContent,
} from './content-item.ts';
import { type DataSet, type Element, sequence, text } from './element.ts';
import {
  deviceUid,
  MANUFACTURER,
  type ResultContext,
  resultInstanceUid,
  type ResultObject,
  resultObject,
  resultSeriesUid,
} from './result-object.ts';
import { referencedSeries } from './source-film.ts';
import { derivedUid } from './uid.ts';

export interface ReportFinding {
  /** The head's code; makes the tracking UID, which the segment of the same finding carries too. */
  readonly key: string;
  readonly code: Code;
  /** In both languages, for a reader of the tracking identifier. */
  readonly title: string;
  /** 0 to 1, as the API gives it. */
  readonly probability: number;
  readonly decision: 'positive' | 'negative' | 'indeterminate';
  /** Outline of the strongest evidence in pixels of the film, where a map is shown. */
  readonly region?: readonly (readonly [x: number, y: number])[];
}

export interface Report {
  readonly findings: readonly ReportFinding[];
  /** The reading that this one supersedes, where its report was written. */
  readonly predecessor?: string;
}

/** Comprehensive SR: TID 1500 with coordinates on one film, which more readers open than the 3D class. */
const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

const DECISIONS: Readonly<Record<ReportFinding['decision'], Code>> = {
  positive: sct('52101004', 'Present'),
  negative: sct('2667000', 'Absent'),
  indeterminate: sct('82334004', 'Indeterminate'),
};

/** 0 to 100 by its definition in PS3.16 annex D. */
const CERTAINTY = dcm('111012', 'Certainty of Finding');
const PERCENT = ucum('%', 'Percent');
const ENGLISH: Code = { value: 'en', scheme: 'RFC5646', meaning: 'English' };

export const trackingUid = (readingId: string, key: string): string => derivedUid('haidang-finding', readingId, key);

function observer({ device }: ResultContext): readonly DataSet[] {
  const context = 'HAS OBS CONTEXT';
  return [
    codeContent(context, dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
    uidContent(context, dcm('121012', 'Device Observer UID'), deviceUid(device)),
    textContent(context, dcm('121013', 'Device Observer Name'), device.modelId),
    textContent(context, dcm('121014', 'Device Observer Manufacturer'), MANUFACTURER),
    textContent(context, dcm('121015', 'Device Observer Model Name'), device.modelId),
    textContent(context, dcm('121016', 'Device Observer Serial Number'), device.modelVersion),
  ];
}

/** TID 1410 where a region is outlined, TID 1501 else. */
function group(finding: ReportFinding, context: ResultContext): DataSet {
  const { device, film, readingId } = context;
  return container({
    name: dcm('125007', 'Measurement Group'),
    template: finding.region === undefined ? '1501' : '1410',
    children: [
      textContent('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), finding.title),
      uidContent('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), trackingUid(readingId, finding.key)),
      codeContent('CONTAINS', dcm('121071', 'Finding'), finding.code),
      textContent('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), device.modelId),
      textContent('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), device.modelVersion),
      ...(finding.region === undefined ? [] : [regionContent(dcm('111030', 'Image Region'), finding.region, film)]),
      numberContent(CERTAINTY, finding.probability * 100, PERCENT),
      codeContent('CONTAINS', own('decision', 'Decision at the operating point'), DECISIONS[finding.decision]),
    ],
  });
}

const evidence = ({ film }: ResultContext): Element =>
  sequence(0x0040a375, [referencedSeries(film, 0x00081199), text(0x0020000d, 'UI', film.studyUid)]);

function predecessorOf(readingId: string, { film }: ResultContext): Element {
  return sequence(0x0040a360, [
    sequence(0x00081115, [
      text(0x0020000e, 'UI', resultSeriesUid('SR', readingId)),
      sequence(0x00081199, [
        text(0x00081150, 'UI', COMPREHENSIVE_SR),
        text(0x00081155, 'UI', resultInstanceUid('SR', readingId)),
      ]),
    ]),
    text(0x0020000d, 'UI', film.studyUid),
  ]);
}

export function measurementReport({ findings, predecessor }: Report, context: ResultContext): ResultObject {
  const root = rootContainer({
    name: dcm('126000', 'Imaging Measurement Report'),
    template: '1500',
    children: [
      codeContent('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), ENGLISH),
      ...observer(context),
      codeContent('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), sct('399208008', 'Plain chest X-ray')),
      container({
        name: dcm('111028', 'Image Library'),
        children: [
          container({
            name: dcm('126200', 'Image Library Group'),
            children: [imageContent('CONTAINS', context.film)],
          }),
        ],
      }),
      container({
        name: dcm('126010', 'Imaging Measurements'),
        children: findings.map((finding) => group(finding, context)),
      }),
    ],
  });
  return resultObject('SR', context, {
    sopClassUid: COMPREHENSIVE_SR,
    elements: [
      ...root,
      sequence(0x00081111),
      sequence(0x0040a372),
      evidence(context),
      ...(predecessor === undefined ? [] : [predecessorOf(predecessor, context)]),
      text(0x0040a491, 'CS', 'COMPLETE'),
      text(0x0040a493, 'CS', 'UNVERIFIED'),
      text(0x0040a496, 'CS', 'PRELIMINARY'),
    ],
  });
}
