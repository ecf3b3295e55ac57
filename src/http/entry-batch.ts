// Entries of the audit trail that may wait a moment, such as reads and refusals: written together, one transaction for each facility, so that
// answering stays fast.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { asCaller } from '#kernel/audit-caller.ts';

export interface EntrySink {
  /** One transaction for all entries of a facility. */
  readonly append: (facilityId: string, entries: readonly AuditEntry[]) => Promise<void>;
  readonly fault: (thrown: unknown) => void;
}

export interface EntryBatch {
  add(facilityId: string, entry: AuditEntry): void;
  /** Resolves when everything that was added is written, or has failed. */
  flush(): Promise<void>;
}

const MOST_HELD = 500;

export function createEntryBatch({ append, fault }: EntrySink): EntryBatch {
  let held = new Map<string, AuditEntry[]>();
  let count = 0;
  let writing: Promise<void> = Promise.resolve();

  async function write(batch: ReadonlyMap<string, readonly AuditEntry[]>): Promise<void> {
    for (const [facilityId, entries] of batch) await append(facilityId, entries).catch(fault);
  }
  function flush(): Promise<void> {
    if (count > 0) {
      const batch = held;
      held = new Map();
      count = 0;
      writing = writing.then(() => asCaller(undefined, () => write(batch)));
    }
    return writing;
  }
  return {
    add(facilityId, entry) {
      const entries = held.get(facilityId) ?? [];
      entries.push(entry);
      held.set(facilityId, entries);
      count += 1;
      if (count >= MOST_HELD) void flush();
    },
    flush,
  };
}
