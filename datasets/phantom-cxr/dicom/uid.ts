// Identities of phantoms: the same parts always give the same UID, so that a phantom sent again is the same instance.
import { derivedUid } from '#dicom/write/uid.ts';

export const phantomUid = (...parts: readonly (string | number)[]): string =>
  derivedUid('haidang-phantom', ...parts.map(String));
