// Compares a file with the one that is stored under its UID: the same pixels are the same film, however they are wrapped.
import { isDeepStrictEqual } from 'node:util';
import type { InstanceFile, Resend } from '#kernel/acceptance.ts';
import type { PictureIdentity } from '#kernel/picture-identity.ts';
import type { Decoded } from '#preread/read/prepare.ts';
import { type ImageFacts, openImage } from './image-facts.ts';
import { incomingInstance } from './incoming-instance.ts';

interface ResendDeps {
  readonly store: { readonly intake: { file(sopInstanceUid: string): Promise<InstanceFile | undefined> } };
  readonly blobs: { get(sha256: string): Promise<Buffer> };
  identify(bytes: Buffer): Promise<PictureIdentity>;
}

/** Of the wrapping; the values within are compared as pixels. */
const WRAPPING = { transferSyntaxUid: '', bitsAllocated: 0, bitsStored: 0, photometric: '', hasPixelData: true };

/** What a reading goes by, beside the picture. */
const readBy = (facts: ImageFacts) => ({ ...facts, tags: undefined });

const normalized = (value: unknown): unknown => (typeof value === 'string' ? value.normalize() : value);

function tagsOf({ tags }: ImageFacts): Readonly<Record<string, unknown>> {
  const entries = Object.entries({ ...tags, ...WRAPPING }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, normalized(value)]));
}

/** Undefined where it is another picture, or another study's. Throws CareError of the dicom room and the store. */
export async function resendOf(bytes: Buffer, decoded: Decoded, deps: ResendDeps): Promise<Resend | undefined> {
  const { facts } = decoded;
  const stored = await deps.store.intake.file(facts.sopInstanceUid);
  if (stored === undefined || stored.studyUid !== facts.studyUid) return undefined;
  const old = await deps.blobs.get(stored.sha256);
  const before = stored.picture ?? (await deps.identify(old));
  const picture = await deps.identify(bytes);
  if (picture.pixels !== before.pixels) return undefined;
  const earlier = openImage(old).facts;
  const readsAlike = picture.shown === before.shown && isDeepStrictEqual(readBy(earlier), readBy(facts));
  const saysTheSame = isDeepStrictEqual(tagsOf(earlier), tagsOf(facts));
  return {
    replaces: stored.sha256,
    before: incomingInstance({ ...decoded, facts: earlier }, stored),
    picture,
    reads: !readsAlike ? 'other' : saysTheSame ? 'same' : 'corrected',
  };
}
