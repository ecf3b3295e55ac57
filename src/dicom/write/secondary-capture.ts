// Film, heatmap and notice in one RGB picture as a DICOM Secondary Capture (PS3.3 A.8), for workstations that show nothing else.
import { codeItem, SOURCE_IMAGE } from './code.ts';
import { bytes, numbers, sequence, text } from './element.ts';
import { type ResultContext, type ResultObject, resultObject } from './result-object.ts';
import { referenceTo } from './source-film.ts';

export interface CapturedPicture {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, three bytes a pixel. */
  readonly rgb: Uint8Array;
}

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

export function secondaryCapture({ columns, rows, rgb }: CapturedPicture, context: ResultContext): ResultObject {
  const { film, device } = context;
  return resultObject('SC', context, {
    sopClassUid: SECONDARY_CAPTURE,
    elements: [
      text(0x00080008, 'CS', 'DERIVED\\SECONDARY'),
      text(0x00080064, 'CS', 'WSD'),
      text(0x00082111, 'ST', 'Evidence map of an AI pre-read over the film; not verified, not for diagnosis.'),
      sequence(0x00082112, [...referenceTo(film), sequence(0x0040a170, codeItem(SOURCE_IMAGE))]),
      text(0x00181016, 'LO', 'Haidang'),
      text(0x00181018, 'LO', device.modelId),
      text(0x00181019, 'LO', device.modelVersion),
      text(0x00180015, 'CS', 'CHEST'),
      text(0x00200020, 'CS', film.patientOrientation),
      numbers(0x00280002, 'US', 3),
      text(0x00280004, 'CS', 'RGB'),
      numbers(0x00280006, 'US', 0),
      numbers(0x00280010, 'US', rows),
      numbers(0x00280011, 'US', columns),
      numbers(0x00280100, 'US', 8),
      numbers(0x00280101, 'US', 8),
      numbers(0x00280102, 'US', 7),
      numbers(0x00280103, 'US', 0),
      // Text of the program is burned in, nothing of a person.
      text(0x00280301, 'CS', 'YES'),
      bytes(0x7fe00010, 'OB', rgb),
    ],
  });
}
