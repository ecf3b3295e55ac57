// A DICOM file without what names its person; a file that may show a name in its pixels is refused.
import { ascii, asciiValues, type DataSet as ReadSet, type Element as ReadElement } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { itemsOf, PIXEL_DATA } from '#dicom/read/reader.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { EXPLICIT_LITTLE } from '#dicom/read/transfer-syntax.ts';
import { text as textOf } from '#dicom/read/character-set.ts';
import { readTags } from '#dicom/read/tags.ts';
import { vrOf } from '#dicom/read/dictionary.ts';
import { codeItem, dcm } from '#dicom/write/code.ts';
import {
  type DataSet,
  type Element,
  encapsulatedFragments,
  encodeDataSet,
  sequence,
  text,
} from '#dicom/write/element.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import { recodedValue } from '#dicom/write/recode.ts';
import { coarseAge, movedDate, type Pseudonyms } from './pseudonyms.ts';
import { actionFor } from './rules.ts';

export interface Deidentified {
  readonly patient: string;
  readonly sopInstanceUid: string;
  readonly bytes: Buffer;
}

interface Person {
  /** What the pseudonym and the shift derive from. */
  readonly id: string;
  readonly names: Pseudonyms;
}

const SECONDARY_CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
/** Machines that write the name into the picture as a rule. */
const BURNING = new Set(['US', 'SC', 'OT', 'XC', 'ES', 'GM', 'SM', 'DOC']);

/** Tags cannot prove that pixels hold no text; where they make it likely, or say so, a person must look. */
function refuseBurnedIn(set: ReadSet): void {
  const annotation = ascii(set, 0x00280301)?.toUpperCase();
  const modality = ascii(set, 0x00080060)?.toUpperCase() ?? '';
  const refused =
    annotation === 'YES'
      ? 'Burned In Annotation is YES'
      : SECONDARY_CAPTURE.test(ascii(set, 0x00080016) ?? '')
        ? 'a secondary capture'
        : asciiValues(set, 0x00080008).some((value) => /SECONDARY|SCREEN/.test(value.toUpperCase()))
          ? 'Image Type names a secondary image'
          : BURNING.has(modality) && annotation !== 'NO'
            ? `modality ${modality} without Burned In Annotation NO`
            : undefined;
  if (refused !== undefined) throw dicomErrors.error('burned-in-text', { field: '(0028,0301)', reason: refused });
}

function cleaned(set: ReadSet, element: ReadElement, person: Person): Element | undefined {
  const { tag } = element;
  const vr = vrOf(element);
  const written = (value: string): Element => text(tag, vr, value);
  switch (actionFor(tag)) {
    case undefined:
      return undefined;
    case 'keep':
      return ['LO', 'SH', 'UC'].includes(vr) ? written(textOf(set, tag) ?? '') : recodedValue(set, element);
    case 'items':
      return sequence(tag, ...itemsOf(set, tag).map((item) => kept(item, person)));
    case 'uid':
      return written(person.names.uid(ascii(set, tag) ?? ''));
    case 'date':
      return written(movedDate(ascii(set, tag) ?? '', person.names.daysBack(person.id)));
    case 'age':
      return written(coarseAge(ascii(set, tag) ?? ''));
    case 'patient':
      return written(person.names.patient(person.id));
    case 'empty':
      return vr === 'SQ' ? sequence(tag) : written('');
  }
}

const kept = (set: ReadSet, person: Person): DataSet =>
  [...set.elements.values()]
    .filter(({ tag }) => tag !== PIXEL_DATA || set.elements.get(tag)?.fragments === undefined)
    .flatMap((element) => cleaned(set, element, person) ?? []);

/** PS3.15 E.2: what was done, in words and in codes of CID 7050. */
const MARKS: DataSet = [
  text(0x00080005, 'CS', 'ISO_IR 192'),
  text(0x00120062, 'CS', 'YES'),
  text(0x00120063, 'LO', 'Haidang: PS3.15 Basic Profile, list of kept elements'),
  sequence(
    0x00120064,
    codeItem(dcm('113100', 'Basic Application Confidentiality Profile')),
    codeItem(dcm('113107', 'Retain Longitudinal Temporal Information Modified Dates Option')),
    codeItem(dcm('113108', 'Retain Patient Characteristics Option')),
  ),
  text(0x00280303, 'CS', 'MODIFIED'),
];

/**
 * Compressed pixels stay as they are; everything else becomes explicit little endian. Throws dicom.burned-in-text, and what `parseDicom`
 * and `readTags` throw.
 */
export function deidentified(file: Buffer, names: Pseudonyms): Deidentified {
  const { dataSet, transferSyntax } = parseDicom(file);
  const tags = readTags({ dataSet, transferSyntax, meta: dataSet });
  refuseBurnedIn(dataSet);
  const id = tags.patientId ?? `study:${tags.studyInstanceUid}`;
  const person: Person = { id, names };
  const fragments = dataSet.elements.get(PIXEL_DATA)?.fragments;
  const body = encodeDataSet([...kept(dataSet, person), ...MARKS], 'explicit-little');
  const sopInstanceUid = names.uid(tags.sopInstanceUid);
  const header = fileHeader({
    sopClassUid: tags.sopClassUid,
    sopInstanceUid,
    transferSyntaxUid: fragments === undefined ? EXPLICIT_LITTLE.uid : transferSyntax.uid,
  });
  const pixels = fragments === undefined ? [] : [encapsulatedFragments(fragments)];
  return { patient: names.patient(id), sopInstanceUid, bytes: Buffer.concat([header, body, ...pixels]) };
}
