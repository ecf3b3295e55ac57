// The study of a film's file.
import { openImage } from '#preread/intake/image-facts.ts';

export const studyUidOf = (film: Buffer): string => openImage(film).facts.studyUid ?? '';
