// Splits a multipart body (form-data or related) as a stream, part by part, each under a size cap.
//
// Own splitter, because the usual form parsers want a Content-Disposition in each part, and DICOMweb's multipart/related has none.
import { sharedConcat } from '#kernel/shared-bytes.ts';
import { httpErrors } from './errors.ts';

export interface Part {
  /** Lower-case type without parameters; empty where the part names none. */
  readonly contentType: string;
  /** As its sender calls it; only for telling the sender which part is meant. */
  readonly filename: string | undefined;
  /** Undefined when the part was larger than the cap; its bytes were read past and dropped. */
  readonly bytes: Buffer | undefined;
}

export interface MultipartLimits {
  readonly maxPartBytes: number;
  readonly maxParts: number;
}

const CRLF = '\r\n';
const HEADER_END = Buffer.from(`${CRLF}${CRLF}`);
const MAX_HEADER_BYTES = 16 * 1024;
const DASH = 0x2d;

export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/g;

/** A parameter of a header, quoted or not: `boundary` of a Content-Type, `filename` of a Content-Disposition. */
export function headerParameter(header: string | undefined, name: string): string | undefined {
  for (const [, found = '', quoted, plain] of (header ?? '').matchAll(PARAMETER))
    if (found.toLowerCase() === name) return quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
  return undefined;
}

/** Reads a stream up to a mark. Bytes after the mark stay for the next call. */
function markReader(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]();
  // The first boundary may stand at the very start, without the line break that belongs to every other one.
  let held: Buffer = Buffer.from(CRLF);

  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done === true) throw httpErrors.error('broken-multipart', { reason: 'the body ends inside a part' });
    held = Buffer.concat([held, next.value]);
  }

  return {
    /** Undefined when there was more than `maxBytes` before the mark; it was read past all the same. */
    async until(mark: Buffer, maxBytes: number): Promise<Buffer | undefined> {
      const kept: Buffer[] = [];
      let length = 0;
      const keep = (piece: Buffer): void => {
        length += piece.length;
        if (length <= maxBytes) kept.push(piece);
        else kept.length = 0;
      };
      for (;;) {
        const at = held.indexOf(mark);
        if (at >= 0) {
          keep(held.subarray(0, at));
          held = held.subarray(at + mark.length);
          return length > maxBytes ? undefined : sharedConcat(kept, length);
        }
        // The mark may begin in this piece and end in the next.
        const safe = Math.max(0, held.length - mark.length + 1);
        keep(held.subarray(0, safe));
        held = held.subarray(safe);
        await more();
      }
    },
    async peek(count: number): Promise<Buffer> {
      while (held.length < count) await more();
      return held.subarray(0, count);
    },
  };
}

function parseHeaders(block: Buffer): ReadonlyMap<string, string> {
  const lines = block
    .toString('latin1')
    .split(CRLF)
    .filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/**
 * `contentType` is the request's. The body is read only as fast as the parts are taken.
 * Throws http.wrong-media-type, http.broken-multipart (also for a body that was cut off), http.too-large for too many parts.
 */
export async function* readParts(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
  limits: MultipartLimits,
): AsyncGenerator<Part> {
  const boundary = headerParameter(contentType, 'boundary');
  if (!mediaType(contentType).startsWith('multipart/') || boundary === undefined || boundary.length > 200)
    throw httpErrors.error('wrong-media-type', { field: 'Content-Type' });
  const delimiter = Buffer.from(`${CRLF}--${boundary}`, 'latin1');
  const reader = markReader(body);
  await reader.until(delimiter, 0);
  for (let count = 0; ; count += 1) {
    const [first, second] = await reader.peek(2);
    if (first === DASH && second === DASH) {
      if (count === 0) throw httpErrors.error('broken-multipart', { reason: 'no part' });
      return;
    }
    if (count === limits.maxParts)
      throw httpErrors.error('too-large', { field: 'body', reason: `more than ${limits.maxParts} parts` });
    const block = await reader.until(HEADER_END, MAX_HEADER_BYTES);
    if (block === undefined) throw httpErrors.error('broken-multipart', { reason: 'headers of a part are too long' });
    const headers = parseHeaders(block);
    yield {
      contentType: mediaType(headers.get('content-type')),
      filename: headerParameter(headers.get('content-disposition'), 'filename'),
      bytes: await reader.until(delimiter, limits.maxPartBytes),
    };
  }
}
