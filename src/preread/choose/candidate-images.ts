// Opens a study's images and finds those that this model may read, best first, with the reasons for those that it may not.
// An image made from an exposure (a capture, a bone image, raw values) never silently takes the place of the exposure.
import { CareError } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { ModelManifest } from '#models/schema.ts';
import { bestFirst, byOrigin } from './choose.ts';
import { originNotices, originRefusals, setAsideReason } from './origin-reasons.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { gatePixels, gateTags, pixelNotices } from '#preread/gate/gate.ts';
import type { Prepared } from '#preread/read/prepare.ts';
import { reasonOf } from '#preread/gate/reasons.ts';

export interface StudyImage {
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** What was found when it was stored: an image that its tags rule out is not decoded again, and a picture’s declared age stays. */
  readonly known?: ImageFacts;
  load(): Promise<Buffer>;
}

/** What the caller knows besides the tags, for pictures that have none. Never replaces a tag. */
export interface Declared {
  readonly ageYears?: number;
  readonly sex?: string;
  readonly view?: string;
}

export interface Study {
  readonly uid: string;
  readonly images: readonly StudyImage[];
  readonly declared?: Declared;
}

export interface Candidate {
  readonly prepared: Prepared;
  readonly notices: readonly Reason[];
}

export interface OpenedStudy {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** Of every image that could be opened, whether it may be read or not. */
  readonly facts: readonly ImageFacts[];
  readonly refusals: readonly Reason[];
  /** Images that could be read and stand behind a better one, each with the cause. */
  readonly setAside: readonly Reason[];
}

export type OpenImage = (image: StudyImage) => Promise<Prepared>;

/** A refusal of the file itself is a result; a fault of ours (5xx) is thrown, so that it is tried again. */
async function openOne(image: StudyImage, open: OpenImage): Promise<Prepared | { readonly refusal: Reason }> {
  try {
    return await open(image);
  } catch (thrown) {
    if (thrown instanceof CareError && thrown.status < 500) return { refusal: reasonOf(thrown) };
    throw thrown;
  }
}

interface Judged extends Candidate {
  readonly refusals: readonly Reason[];
  /** The exposure would have been read, but this is something made from it. */
  readonly made: boolean;
}

function judgeTags(prepared: Prepared, gate: ModelManifest['gate']): Judged {
  const { refusals, notices } = gateTags(prepared.facts, gate);
  const made = originRefusals(prepared.facts.origin, gate);
  return {
    prepared,
    notices: [...notices, ...originNotices(prepared.facts.origin), ...pixelNotices(prepared)],
    refusals: [...refusals, ...made],
    made: made.length > 0 && refusals.length === 0,
  };
}

/** Throws what `open` throws with a 5xx status. */
export async function openStudy(study: Study, gate: ModelManifest['gate'], open: OpenImage): Promise<OpenedStudy> {
  const refusals: Reason[] = [];
  const opened: Prepared[] = [];
  // One after the other: a study of many images must not fill the memory.
  const ruledOut: ImageFacts[] = [];
  for (const image of study.images) {
    const against = image.known === undefined ? [] : gateTags(image.known, gate).refusals;
    if (image.known !== undefined && against.length > 0) {
      refusals.push(...against);
      ruledOut.push(image.known);
      continue;
    }
    const result = await openOne(image, open);
    if ('refusal' in result) refusals.push(result.refusal);
    else opened.push({ ...result, facts: { ...study.declared, ...image.known, ...result.facts } });
  }
  const judged = bestFirst(opened).map((prepared) => judgeTags(prepared, gate));
  const fit = judged.filter((one) => one.refusals.length === 0);
  const best = fit[0]?.prepared.facts.origin;
  const isAsGood = ({ prepared }: Candidate): boolean => byOrigin(prepared.facts.origin, best) === 0;
  refusals.push(...judged.flatMap((one) => one.refusals));
  const candidates = fit.filter(isAsGood).filter(({ prepared }) => {
    const against = gatePixels(prepared, gate);
    refusals.push(...against);
    return against.length === 0;
  });
  const behind = [...fit.filter((one) => !isAsGood(one)), ...judged.filter(({ made }) => made)];
  return {
    candidates,
    facts: [...opened.map(({ facts }) => facts), ...ruledOut],
    refusals,
    setAside: behind.map(({ prepared }) => setAsideReason(prepared.facts.origin)),
  };
}
