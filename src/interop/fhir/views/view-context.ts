// Context of a view, given beside its record: the reader's language, the identifier systems, and the words that a manifest gives to a code.
import type { HeadsOf } from '#kernel/head.ts';
import type { Language } from '#kernel/errors.ts';
import { type Reference } from '#interop/fhir/resources/resource.ts';
import { type IdentifierSystems, patientReference } from '#interop/fhir/systems.ts';

export interface ViewContext {
  readonly language: Language;
  readonly systems: IdentifierSystems;
  readonly heads: HeadsOf;
  readonly patients: 'logical' | 'conditional';
}

export const subjectOf = (code: string, { systems, patients }: ViewContext): Reference =>
  patientReference(code, systems, patients);

/** Viet Nam, all year: study times come without a zone. */
const OFFSET = '+07:00';

/** `2026-11-22T09:10:00` → with its zone; a date alone stays one; undefined for what is neither. */
export function localDateTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  return match === null ? undefined : `${match[1]}${match[2] ?? ''}${match[3] ?? OFFSET}`;
}

/** FHIR ids: letters, digits, `-` and `.`, at most 64. */
export const idPart = (text: string, longest: number): string =>
  text.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, longest);
