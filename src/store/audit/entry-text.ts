// An entry as the text that is hashed: with its moment, and with the address and purpose of whoever asked for it.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { callerNamed } from '#kernel/audit-caller.ts';
import { canonicalJson } from '#store/host/canonical.ts';

/** What the entry says of itself stands. */
export function completed(entry: AuditEntry): AuditEntry {
  const caller = callerNamed(entry.actor);
  return caller === undefined ? entry : { ...entry, detail: { ...caller, ...entry.detail } };
}

/** `at` is ISO 8601. */
export const entryText = (entry: AuditEntry, at: string): string => canonicalJson({ ...completed(entry), at });
