// Opens a study's images and finds those that this model may read, best first, with the reasons for those that it may not.
// An image made from an exposure (a capture, a bone image, raw values) never silently takes the place of the exposure.
import { CareError } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { ModelManifest } from '#models/schema.ts';
import { bestFirst, byOrigin } from './choose.ts';
import { originNotices, originRefusals, setAsideReason } from './origin-reasons.ts';
import type { ImageFacts } from '#preread/intake/image-facts.ts';
import { gatePixels, gateTags, pixelNotices } from '#preread/gate/gate.ts';
import type { Decoded, Prepared } from '#preread/read/prepare.ts';
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
  /** Best first. The tensors of the first four are made at once, others when their turn comes: of a study of many images most are never needed. */
  candidates(): AsyncIterable<Candidate>;
  /** How many candidates there are that were not refused by their pixels so far. */
  count(): number;
  /** Of every image that could be opened, whether it may be read or not. */
  readonly facts: readonly ImageFacts[];
  /** Grows as candidates are refused by their pixels. */
  readonly refusals: readonly Reason[];
  /** Images that could be read and stand behind a better one, each with the cause. */
  readonly setAside: readonly Reason[];
}

export type OpenImage = (image: StudyImage) => Promise<Prepared>;

export interface Openers {
  readonly open: OpenImage;
  /** The facts of an image, without its tensor where that is cheaper. Absent: `open` tells them. */
  readonly look?: (image: StudyImage) => Promise<Decoded | Prepared>;
}

/** A refusal of the file itself is a result; a fault of ours (5xx) is thrown, so that it is tried again. */
async function orRefusal<Result>(opening: Promise<Result>): Promise<Result | { readonly refusal: Reason }> {
  try {
    return await opening;
  } catch (thrown) {
    if (thrown instanceof CareError && thrown.status < 500) return { refusal: reasonOf(thrown) };
    throw thrown;
  }
}

/** An image of the study; prepared where that cost nothing more. */
interface Seen extends Decoded {
  readonly image: StudyImage;
  readonly prepared: Prepared | undefined;
}

interface Judged {
  readonly seen: Seen;
  readonly notices: readonly Reason[];
  readonly refusals: readonly Reason[];
  /** The exposure would have been read, but this is something made from it. */
  readonly made: boolean;
}

function judgeTags(seen: Seen, gate: ModelManifest['gate']): Judged {
  const { refusals, notices } = gateTags(seen.facts, gate);
  const made = originRefusals(seen.facts.origin, gate);
  return {
    seen,
    notices: [...notices, ...originNotices(seen.facts.origin)],
    refusals: [...refusals, ...made],
    made: made.length > 0 && refusals.length === 0,
  };
}

interface Looked {
  readonly seen: readonly Seen[];
  readonly ruledOut: readonly ImageFacts[];
  readonly refusals: readonly Reason[];
}

async function lookAt(study: Study, gate: ModelManifest['gate'], { open, look = open }: Openers): Promise<Looked> {
  const refusals: Reason[] = [];
  const seen: Seen[] = [];
  const ruledOut: ImageFacts[] = [];
  // One after the other: a study of many images must not fill the memory.
  for (const image of study.images) {
    const against = image.known === undefined ? [] : gateTags(image.known, gate).refusals;
    if (image.known !== undefined && against.length > 0) {
      refusals.push(...against);
      ruledOut.push(image.known);
      continue;
    }
    const result = await orRefusal(look(image));
    if ('refusal' in result) {
      refusals.push(result.refusal);
      continue;
    }
    const { sourceColumns, sourceRows } = result;
    const facts = { ...study.declared, ...image.known, ...result.facts };
    seen.push({ facts, sourceColumns, sourceRows, image, prepared: 'tensor' in result ? result : undefined });
  }
  return { seen, ruledOut, refusals };
}

/** Most studies have no more images that may be read; the door makes as many tensors of a study (decoded-films.ts). */
export const EXAMINED_AT_ONCE = 4;

/** Throws what `open` and `look` throw with a 5xx status. */
export async function openStudy(study: Study, gate: ModelManifest['gate'], openers: Openers): Promise<OpenedStudy> {
  const { seen, ruledOut, refusals: found } = await lookAt(study, gate, openers);
  const judged = bestFirst(seen).map((one) => judgeTags(one, gate));
  const fit = judged.filter((one) => one.refusals.length === 0);
  const best = fit[0]?.seen.facts.origin;
  const isAsGood = ({ seen: { facts } }: Judged): boolean => byOrigin(facts.origin, best) === 0;
  const frontal = fit.filter(isAsGood);
  const behind = [...fit.filter((one) => !isAsGood(one)), ...judged.filter(({ made }) => made)];
  const refusals = [...found, ...judged.flatMap((one) => one.refusals)];
  let refused = 0;
  async function examine({ seen: one, notices }: Judged): Promise<Candidate | undefined> {
    const opened = one.prepared ?? (await orRefusal(openers.open(one.image)));
    const against = 'refusal' in opened ? [opened.refusal] : gatePixels(opened, gate);
    refusals.push(...against);
    if (!('refusal' in opened) && against.length === 0)
      return { prepared: { ...opened, facts: one.facts }, notices: [...notices, ...pixelNotices(opened)] };
    refused += 1;
    return undefined;
  }
  const first: (Candidate | undefined)[] = [];
  for (const one of frontal.slice(0, EXAMINED_AT_ONCE)) first.push(await examine(one));
  return {
    async *candidates() {
      for (const candidate of first) if (candidate !== undefined) yield candidate;
      for (const one of frontal.slice(EXAMINED_AT_ONCE)) {
        const candidate = await examine(one);
        if (candidate !== undefined) yield candidate;
      }
    },
    count: () => frontal.length - refused,
    facts: [...seen.map(({ facts }) => facts), ...ruledOut],
    refusals,
    setAside: behind.map((one) => setAsideReason(one.seen.facts.origin)),
  };
}
