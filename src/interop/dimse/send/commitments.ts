// Reports of storage commitment find their message: one that a sender still waits for at once, a late failure by sending all again.
import { z } from 'zod';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';
import { derivedUid } from '#dicom/write/uid.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { CommitmentReport } from '#interop/dimse/serve/commitment.ts';

export interface CommitmentStore {
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    put(room: string, key: string, value: unknown): Promise<void>;
    remove(room: string, key: string): Promise<void>;
  };
  readonly outbox: { enqueue(messages: readonly OutgoingMessage[]): Promise<void> };
}

export interface Expected {
  /** The same for every attempt: a report about an earlier one counts as well. */
  readonly transactionUid: string;
  /** The report, or undefined where none comes soon: a late one is still heard. */
  report(): Promise<CommitmentReport | undefined>;
  /** Ends the expectation. */
  close(): void;
}

export interface Commitments {
  /** Opened before the request is sent: the report may overtake its answer. */
  expect(message: ClaimedMessage): Expected;
  /** `unknown`: about nothing of ours. `given-up`: failed again after all was sent again; a person must look. */
  reported(report: CommitmentReport): Promise<'heard' | 'resent' | 'given-up' | 'unknown'>;
}

const ROOM = 'dicom-commitment';
const WAIT_MS = 3_000;
/** The topic of a message that was sent again: once, since a PACS that never commits must not be sent to for ever. */
const RESENT = 'reading.resent';
const openMessage = z.strictObject({
  id: z.string(),
  target: z.string(),
  topic: z.string(),
  orderKey: z.string(),
  body: z.record(z.string(), z.unknown()),
});

export function openCommitments(store: CommitmentStore): Commitments {
  const waiting = new Map<string, PromiseWithResolvers<CommitmentReport | undefined>>();
  return {
    expect({ id, target, topic, orderKey, body }) {
      const transactionUid = derivedUid('haidang-commitment', id);
      const waiter = Promise.withResolvers<CommitmentReport | undefined>();
      waiting.set(transactionUid, waiter);
      return {
        transactionUid,
        async report() {
          const timer = setTimeout(() => waiter.resolve(undefined), WAIT_MS);
          const report = await waiter.promise;
          clearTimeout(timer);
          waiting.delete(transactionUid);
          if (report === undefined)
            await store.records.put(ROOM, transactionUid, { id, target, topic, orderKey, body });
          return report;
        },
        close: () => waiting.delete(transactionUid),
      };
    },
    async reported(report) {
      const { transactionUid, failed } = report;
      const waiter = waiting.get(transactionUid);
      if (waiter !== undefined) {
        waiter.resolve(report);
        return 'heard';
      }
      const known = openMessage.safeParse((await store.records.get(ROOM, transactionUid))?.value);
      if (!known.success) return 'unknown';
      const { id, ...message } = known.data;
      const again = failed.length > 0 && message.topic !== RESENT;
      if (again) await store.outbox.enqueue([{ ...message, topic: RESENT, id: derivedUuid('commitment-failed', id) }]);
      await store.records.remove(ROOM, transactionUid);
      if (failed.length === 0) return 'heard';
      return again ? 'resent' : 'given-up';
    },
  };
}
