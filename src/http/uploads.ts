// Intake of the bodies of films: they are read outside of the turnstile, so that a slow sender blocks no other, within a bound of memory, and
// judged a few at a time.
import type { FastifyRequest } from 'fastify';
import { sharedConcat } from '#kernel/shared-bytes.ts';
import { createTurnstile } from './admission.ts';
import { type ByteShare, createHeldBytes } from './held-bytes.ts';

const MIB = 1024 * 1024;
/** Files that are judged at once. */
const AT_ONCE = 8;
const MOST_WAITING = 256;
/** A sender that would wait longer is told to come again. */
const LONGEST_WAIT_MS = 10_000;
/** Of all files on their way in; the one that came first goes beyond. */
const HELD_BYTES = 256 * MIB;

/** One request's way in. */
export interface Upload {
  readonly body: AsyncIterable<Uint8Array>;
  /** Judges a whole file in its turn; its bytes are no longer counted afterwards. */
  judge<Verdict>(work: () => Promise<Verdict>): Promise<Verdict>;
}

export interface Uploads {
  /** Throws `http.busy` before anything is read; whatever happens, what is left of the body is read past, so that the answer can be sent. */
  take<Result>(request: FastifyRequest, work: (upload: Upload) => Promise<Result>): Promise<Result>;
}

/** Counts what one file holds in memory: past its cap its bytes are dropped, and held no longer. */
function counting(share: ByteShare, maxFileBytes: number) {
  let inFile = 0;
  return {
    async *bytesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        const before = inFile;
        inFile += chunk.length;
        if (inFile <= maxFileBytes) await share.hold(chunk.length);
        else if (before <= maxFileBytes) share.release();
        yield chunk;
      }
    },
    fileDone(): void {
      inFile = 0;
      share.release();
    },
  };
}

/** `maxFileBytes`: of one file, its part's headers included. */
export function createUploads(maxFileBytes: number): Uploads {
  const turnstile = createTurnstile({ atOnce: AT_ONCE, mostWaiting: MOST_WAITING, longestWaitMs: LONGEST_WAIT_MS });
  const bytes = createHeldBytes(HELD_BYTES);
  return {
    async take(request, work) {
      turnstile.admit();
      const share = bytes.share();
      const count = counting(share, maxFileBytes);
      try {
        return await work({
          // An early refusal must not tear down the connection on which its answer travels.
          body: count.bytesOf(request.raw.iterator({ destroyOnReturn: false })),
          judge: async (judging) => {
            const verdict = await turnstile.pass(judging);
            count.fileDone();
            return verdict;
          },
        });
      } finally {
        share.end();
        request.raw.resume();
      }
    },
  };
}

/** A whole body, or undefined where it is larger than allowed. */
export async function wholeBody(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length > maxBytes ? undefined : sharedConcat(chunks, length);
}
