// Sentences about where an image comes from: why it is not read, what is said when it is, and why another one stands before it.
import type { Reason } from '#kernel/finding.ts';
import { reason } from '#preread/gate/reasons.ts';
import type { ImageOrigin } from './image-origin.ts';

/** An image that must not be read even where it is the only one; raw values only by a model that declares them. */
export function originRefusals(
  origin: ImageOrigin | undefined,
  { forProcessing = false }: { readonly forProcessing?: boolean | undefined } = {},
): Reason[] {
  if (origin === undefined) return [];
  return [
    ...(origin.qualityControl ? [reason('quality-control-image')] : []),
    ...(origin.forProcessing && !forProcessing ? [reason('for-processing')] : []),
    ...(origin.colour ? [reason('colour-image')] : []),
    // A detector may flag a film for its side marker; a capture with text is another program's page.
    ...(origin.captureClass && origin.burnedIn ? [reason('burned-in-annotation')] : []),
    ...(origin.energy === 'bone' ? [reason('bone-image')] : []),
  ];
}

const CAUSES = ['qualityControl', 'capture', 'forProcessing', 'energy', 'derived', 'secondary'] as const;
const WORDS = {
  qualityControl: 'quality',
  capture: 'capture',
  forProcessing: 'processing',
  energy: 'energy',
  derived: 'derived',
  secondary: 'secondary',
} as const;

/** The gravest way in which an image is not the exposure itself. */
const causeOf = (origin: ImageOrigin): (typeof CAUSES)[number] | undefined =>
  CAUSES.find((cause) => origin[cause] !== undefined && origin[cause] !== false);

/** Told of an image that is read because the exposure itself is not here. DERIVED is no news: many detectors call their films so. */
export function originNotices(origin: ImageOrigin | undefined): Reason[] {
  const cause = origin === undefined ? undefined : causeOf(origin);
  if (origin === undefined || cause === undefined || cause === 'derived') return [];
  // A film with a burnt-in marker is the exposure itself.
  return cause === 'capture' && !origin.captureClass ? [] : [reason('not-the-exposure', { cause: WORDS[cause] })];
}

export const setAsideReason = (origin: ImageOrigin | undefined): Reason =>
  reason('image-set-aside', {
    cause: WORDS[(origin && causeOf(origin)) ?? 'derived'],
    description: origin?.description ?? '–',
  });
