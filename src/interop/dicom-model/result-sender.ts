// Common part of both ways to a PACS: the objects of a message's reading, read from the store, or the reason why not now.
import { z } from 'zod';
import type { Delivery, Sender } from '#delivery/ports.ts';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Results, ResultStore } from './stored-results.ts';

export interface FileToSend {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly bytes: Buffer;
}

export interface SendingStore extends ResultStore {
  readonly readings: ResultStore['readings'] & {
    get(id: string): Promise<(Reading & { readonly supersededBy?: string }) | undefined>;
  };
}

export interface ResultSenderDeps {
  facility(id: string): Promise<SendingStore>;
  readonly blobs: { get(sha256: string): Promise<Buffer> };
  readonly results: Results;
}

const bodySchema = z.object({ readingId: z.uuid() });
/** Maps are checked after the reading is committed, the urgent ones first. */
const MAPS_RETRY_MS = 2_000;

export function resultSender(
  target: string,
  deps: ResultSenderDeps,
  deliver: (files: readonly FileToSend[], message: ClaimedMessage, signal: AbortSignal) => Promise<Delivery>,
): Sender {
  return {
    target,
    async send(message, signal) {
      const body = bodySchema.safeParse(message.body);
      if (!body.success) return { kind: 'refused', reason: 'bad-message' };
      const store = await deps.facility(message.facilityId);
      const reading = await store.readings.get(body.data.readingId);
      // A result falls with its facts: what was superseded before it was sent is never sent.
      if (reading === undefined || reading.supersededBy !== undefined) return { kind: 'delivered' };
      const objects = await deps.results.of(store, reading);
      if (objects === undefined) return { kind: 'not-yet', reason: 'maps-checking', retryAfterMs: MAPS_RETRY_MS };
      if (objects.length === 0) return { kind: 'delivered' };
      const files: FileToSend[] = [];
      for (const { sopClassUid, sopInstanceUid, sha256 } of objects)
        files.push({ sopClassUid, sopInstanceUid, bytes: await deps.blobs.get(sha256) });
      return deliver(files, message, signal);
    },
  };
}
