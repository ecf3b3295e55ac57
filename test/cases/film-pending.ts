// Cases that are still answered wrongly. The list only shrinks.
export const PENDING: ReadonlySet<string> = new Set<string>([
  'capture-beside-original',
  'processing-beside-presentation',
  'processing-alone',
  'retake',
  'dual-energy',
  'resend-name-corrected',
  'resend-id-corrected',
  'resend-other-file-meta',
  'resend-lossless-recompressed',
  'note-wrong-worklist-entry',
  'aspect-2-1',
  'mirrored',
  'quality-control',
]);
