// May this model read this image? What the tags say, what the pixels say, what the graph itself says; each refusal with its reason.
import type { Reason } from '#kernel/finding.ts';
import type { Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import type { Prepared, PreparedRemark } from '#preread/read/prepare.ts';
import { reason } from './reasons.ts';

type Gate = ModelManifest['gate'];

export interface TagVerdict {
  /** Any of these: the image is not read. */
  readonly refusals: readonly Reason[];
  /** Told, but no obstacle: a tag that is not there is neither guessed nor defaulted. */
  readonly notices: readonly Reason[];
}

/** Fewer gray levels than 8 bits give is a scan of a print or a mask, not a film. */
const FEWEST_BITS = 8;

const includes = (list: readonly string[], value: string): boolean =>
  list.some((item) => item.toUpperCase() === value.toUpperCase());

interface Check {
  readonly refusals: Reason[];
  readonly notices: Reason[];
}

function checkModality(facts: ImageFacts, gate: Gate, found: Check): void {
  if (facts.format !== 'dicom') return;
  if (facts.modality === undefined) found.refusals.push(reason('modality-missing'));
  else if (!includes(gate.modalities, facts.modality))
    found.refusals.push(reason('modality-not-accepted', { modality: facts.modality }));
}

function checkAnatomy(facts: ImageFacts, gate: Gate, found: Check): void {
  if (facts.bodyPart !== undefined && !includes(gate.bodyParts, facts.bodyPart))
    found.refusals.push(reason('body-part-not-accepted', { bodyPart: facts.bodyPart }));
  if (facts.view !== undefined && !includes(gate.views, facts.view))
    found.refusals.push(reason('view-not-accepted', { view: facts.view }));
  if (facts.format !== 'dicom') {
    found.notices.push(reason('picture-without-tags'));
    return;
  }
  if (facts.bodyPart === undefined) found.notices.push(reason('body-part-missing'));
  if (facts.view === undefined) found.notices.push(reason('view-missing'));
}

function checkAge({ ageYears, ageConflict }: ImageFacts, { ageYears: range }: Gate, found: Check): void {
  if (ageConflict !== undefined)
    found.notices.push(
      reason('age-contradicts', {
        stated: Math.floor(ageConflict.stated),
        byBirthDate: Math.floor(ageConflict.byBirthDate),
      }),
    );
  else if (ageYears === undefined) found.notices.push(reason('age-missing'));
  else if (ageYears < range.minimum || ageYears > range.maximum)
    found.refusals.push(
      reason('age-not-accepted', { age: Math.floor(ageYears), from: range.minimum, to: range.maximum }),
    );
}

function checkPicture(facts: ImageFacts, found: Check): void {
  if (facts.bitsStored !== undefined && facts.bitsStored < FEWEST_BITS)
    found.refusals.push(reason('too-few-bits', { bits: facts.bitsStored }));
  if (facts.frames !== undefined && facts.frames > 1)
    found.refusals.push(reason('several-frames', { frames: facts.frames }));
}

/** What can be judged before a pixel is looked at. */
export function gateTags(facts: ImageFacts, gate: Gate): TagVerdict {
  const found: Check = { refusals: [], notices: [] };
  checkModality(facts, gate, found);
  checkAnatomy(facts, gate, found);
  checkAge(facts, gate, found);
  checkPicture(facts, found);
  return found;
}

/**
 * Below it there is no anatomy: an unexposed or wholly burnt-out plate, or noise. Of 1,826 films of seven public sources the faintest
 * lay at 0.038 and one in a hundred below 0.1; noise of full range, averaged over cells of 16 × 16 pixels or more, lies below 0.02.
 */
const LEAST_STRUCTURE = 0.03;

/** What the decoded picture says by itself, before the model runs. */
export function gatePixels({ content, structure }: Prepared, gate: Gate): Reason[] {
  const refusals: Reason[] = [];
  const columns = Math.round(content.columns);
  const rows = Math.round(content.rows);
  if (columns < gate.minimumColumns || rows < gate.minimumRows)
    refusals.push(
      reason('too-small', {
        columns,
        rows,
        minimumColumns: gate.minimumColumns,
        minimumRows: gate.minimumRows,
      }),
    );
  if (structure < LEAST_STRUCTURE) refusals.push(reason('blank'));
  return refusals;
}

const REMARK_REASONS = {
  'window-unusable': 'window-unusable',
  'shutter-applied': 'shutter-applied',
  'border-cut': 'border-cut',
  'turned-upright': 'turned-upright',
} as const satisfies Readonly<Record<PreparedRemark, string>>;

/** What was done to the picture before the model saw it. */
export const pixelNotices = ({ remarks }: Prepared): Reason[] => remarks.map((name) => reason(REMARK_REASONS[name]));

function softmax(logits: Float32Array): number[] {
  const top = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const weights = [...logits].map((logit) => Math.exp(logit - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Classes of a graph's gate for which there are words of their own. */
const WORDED = [
  'lateral',
  'rotated-90',
  'rotated-180',
  'rotated-270',
  'inverted',
  'cropped',
  'not-chest',
  'blank',
] as const;

const wordsFor = (name: string): string => WORDED.find((worded) => worded === name) ?? 'not-chest';

/** What the graph's own gate says: the class that it takes the picture for, and how far the film lies from all that it knows. */
export function gateOutputs(outputs: Readonly<Record<string, Tensor>>, gate: Gate): Reason[] {
  const refusals: Reason[] = [];
  if (gate.pixels !== undefined) {
    const logits = outputs[gate.pixels.output]?.data;
    if (logits === undefined || logits.length !== gate.pixels.classes.length)
      throw new Error('the graph does not give the declared gate');
    const [chest = 0, ...others] = softmax(logits);
    // Written so that NaN refuses.
    if (!(chest >= gate.pixels.minimumChestProbability)) {
      const worst = others.indexOf(Math.max(...others));
      refusals.push(reason(wordsFor(gate.pixels.classes[worst + 1] ?? '')));
    }
  }
  if (gate.distance !== undefined) {
    const distance = outputs[gate.distance.output]?.data[0];
    if (distance === undefined) throw new Error('the graph does not give the declared distance');
    if (!(distance <= gate.distance.maximum)) refusals.push(reason('unlike-training'));
  }
  return refusals;
}
