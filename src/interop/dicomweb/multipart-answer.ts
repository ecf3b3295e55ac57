// An answer of several parts as multipart/related (PS3.18 8.6.1.2), written as it is read: no instance is held in memory whole.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { derivedUuid } from '#kernel/ids.ts';

export interface AnswerPart {
  /** With its parameters. */
  readonly contentType: string;
  readonly location?: string;
  content(): AsyncIterable<Uint8Array>;
}

/** Bytes that are there already, as the content of a part. */
export async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* written(parts: readonly AnswerPart[], boundary: string): AsyncGenerator<Uint8Array> {
  for (const { contentType, location, content } of parts) {
    const place = location === undefined ? '' : `Content-Location: ${location}\r\n`;
    yield Buffer.from(`\r\n--${boundary}\r\nContent-Type: ${contentType}\r\n${place}\r\n`, 'latin1');
    yield* content();
  }
  yield Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
}

/** `type` is that of the parts. The boundary derives from the request's id, which no file holds by chance. */
export function sendParts(reply: FastifyReply, type: string, parts: readonly AnswerPart[]): FastifyReply {
  const boundary = derivedUuid('boundary', reply.request.id);
  return reply
    .type(`multipart/related; type="${type}"; boundary=${boundary}`)
    .send(Readable.from(written(parts, boundary), { objectMode: false }));
}

/** The only part without multipart around it, where the client asks for that (PS3.18 8.6.1.1). */
export const sendOne = (reply: FastifyReply, { contentType, content }: AnswerPart): FastifyReply =>
  reply.type(contentType).send(Readable.from(content(), { objectMode: false }));
