// A refusal in the reader's language: the log keeps codes and technical reasons, the sentence follows from the code.
import { dicomErrors } from '#dicom/errors.ts';
import { imageErrors } from '#image/errors.ts';
import type { Sentence } from '#kernel/errors.ts';
import { prereadErrors } from '#preread/errors.ts';

const TEXTS: ReadonlyMap<string, Sentence> = new Map(
  [dicomErrors, imageErrors, prereadErrors].flatMap(({ room, kinds }) =>
    Object.entries(kinds).map(([name, { text }]) => [`${room}.${name}`, text] as const),
  ),
);

/** Undefined for a code of another room, or of another version. */
export const refusalText = (code: string): Sentence | undefined => TEXTS.get(code);
