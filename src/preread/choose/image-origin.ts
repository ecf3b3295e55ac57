// Origin of an image by its tags: an exposure of the patient, or something made from one. Only exposures stand for the study.
import type { InstanceTags } from '#dicom/read/tags.ts';

export interface ImageOrigin {
  /** A screen capture, a scanned print or another program's result: Secondary Capture classes, colour, or text burnt in. */
  readonly capture: boolean;
  /** Secondary Capture storage classes, or a Conversion Type of what no modality made. */
  readonly captureClass: boolean;
  /** Image Type value 1. */
  readonly derived: boolean;
  /** Image Type value 2. */
  readonly secondary: boolean;
  /** Presentation Intent: raw detector values, not made to be looked at. */
  readonly forProcessing: boolean;
  /** Dual-energy subtraction; absent for a standard exposure. */
  readonly energy?: 'soft-tissue' | 'bone';
  /** A phantom or test exposure (0028,0300). */
  readonly qualityControl: boolean;
  /** Text or marks burnt into the pixels (0028,0301). */
  readonly burnedIn: boolean;
  readonly colour: boolean;
  /** ISO 8601 without a zone, with a fraction where the device gives one. */
  readonly acquiredAt?: string;
  readonly acquisitionNumber?: number;
  readonly seriesNumber?: number;
  readonly instanceNumber?: number;
  /** For sentences: the series description, else nothing. */
  readonly description?: string;
}

/** Secondary Capture and its multi-frame and colour kin (PS3.4 B.5). */
const CAPTURE_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(?:\.\d+)?$/;

const isYes = (value: string | undefined): boolean => value?.trim().toUpperCase().startsWith('Y') === true;

/** Digital X-Ray, mammography and intra-oral images of raw detector values (PS3.4 B.5). */
const PROCESSING_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.1\.[123]\.1$/;

/** Conversion Types (PS3.3 C.8.6.1) of what was drawn, scanned from paper, filmed from a screen or made by a program. A digitised film is a film. */
const CAPTURED = new Set(['WSD', 'SD', 'SI', 'DRW', 'SYN', 'DV']);

/** Words of vendors for the two subtracted images; `bone suppressed` shows soft tissue, a soft copy is any image on a screen. */
const SOFT_TISSUE =
  /(?:^|[^\p{L}])SOFT(?![\s_-]*COPY|\p{L})|SOFT[\s_-]*TISSUE|TISSUE|BONE[\s_-]*SUP|RIB[\s_-]*SUP|SUPPRESS|LUNG[\s_-]*(?:VIEW|IMAGE)|MÔ MỀM|MO MEM|\bBSI\b/iu;
/** A survey of the skeleton is made of plain films, and ribs or a clavicle are the reason for one. */
const BONE =
  /(?:^|[^\p{L}])(?:BON(?:E|Y)|SKELET)(?!\p{L}*[\s_-]*(?:SURVEY|AGE))|(?:XƯƠNG|XUONG)(?![\s_-]*(?:SƯỜN|SUON|ĐÒN|DON|KHỚP|KHOP))/iu;
/** Of texts that name a site's protocol or a detector's look, only those speak of energies that say so. */
const DUAL_ENERGY = /(?:^|[^\p{L}])(?:DE|DES|DUAL|ENERGY|2E)(?:$|[^\p{L}])|SUBTRACT|NĂNG LƯỢNG/iu;

function energyOf(tags: InstanceTags): ImageOrigin['energy'] {
  const [, , ...rest] = tags.imageType;
  const setUp = [tags.processingDescription, tags.protocolName].filter((text) => DUAL_ENERGY.test(text ?? ''));
  // A comment of two words names the image; a longer one may speak of the patient's bones.
  const comments = [tags.imageComments].filter((text) => text !== undefined && text.trim().split(/\s+/u).length <= 2);
  const texts = [...rest, tags.seriesDescription, tags.derivationDescription, ...comments, ...setUp];
  for (const text of texts) {
    if (text === undefined) continue;
    if (SOFT_TISSUE.test(text)) return 'soft-tissue';
    if (BONE.test(text)) return 'bone';
  }
  return undefined;
}

const hasValue = (tags: InstanceTags, at: number, word: string): boolean =>
  tags.imageType[at]?.trim().toUpperCase() === word;

const plainNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*[+-]?\d{1,9}\s*$/.test(text) ? Number(text) : undefined;

export function originOf(tags: InstanceTags): ImageOrigin {
  const burnedIn = isYes(tags.burnedInAnnotation);
  const colour = (tags.samples ?? 1) > 1;
  const energy = energyOf(tags);
  const instanceNumber = plainNumber(tags.instanceNumber);
  const acquisitionNumber = plainNumber(tags.acquisitionNumber);
  const seriesNumber = plainNumber(tags.seriesNumber);
  const captureClass = CAPTURE_CLASS.test(tags.sopClassUid) || CAPTURED.has(tags.conversionType?.toUpperCase() ?? '');
  return {
    capture: captureClass || burnedIn || colour,
    captureClass,
    derived: hasValue(tags, 0, 'DERIVED'),
    secondary: hasValue(tags, 1, 'SECONDARY'),
    forProcessing:
      tags.presentationIntent?.trim().toUpperCase() === 'FOR PROCESSING' || PROCESSING_CLASS.test(tags.sopClassUid),
    ...(energy !== undefined && { energy }),
    qualityControl: isYes(tags.qualityControlImage),
    burnedIn,
    colour,
    ...(tags.acquiredAt !== undefined && { acquiredAt: tags.acquiredAt }),
    ...(acquisitionNumber !== undefined && { acquisitionNumber }),
    ...(seriesNumber !== undefined && { seriesNumber }),
    ...(instanceNumber !== undefined && { instanceNumber }),
    ...(tags.seriesDescription !== undefined && { description: tags.seriesDescription }),
  };
}
