// Results to a PACS by STOW-RS. Its sequences are read, not only its status: 202 may mean that nothing of ours was kept.
import { withoutEnd } from '#kernel/text-end.ts';
import { z } from 'zod';
import type { Delivery, Sender } from '#delivery/ports.ts';
import { type FileToSend, resultSender, type ResultSenderDeps } from '#interop/dicom-model/result-sender.ts';

export const stowSettings = z.strictObject({
  /** Names it in the outbox as `stow:<id>`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** DICOMweb root, for example `https://pacs.example.vn/dicom-web`. */
  url: z.url({ protocol: /^https?$/ }).transform((text) => withoutEnd(text, '/')),
  /** The whole value of the Authorization header. */
  authorization: z.string().min(1).optional(),
});
export type StowServer = z.infer<typeof stowSettings>;

export const stowTarget = ({ id }: Pick<StowServer, 'id'>): string => `stow:${id}`;

const BOUNDARY = 'haidang-result-objects';
const sequence = z.object({ Value: z.array(z.unknown()).default([]) }).optional();
const answerSchema = z.object({ '00081198': sequence, '00081199': sequence });

function bodyOf(files: readonly FileToSend[]): Buffer {
  const head = Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`, 'latin1');
  const gap = Buffer.from('\r\n', 'latin1');
  return Buffer.concat([
    ...files.flatMap(({ bytes }) => [head, bytes, gap]),
    Buffer.from(`--${BOUNDARY}--\r\n`, 'latin1'),
  ]);
}

async function judged(response: Response, count: number): Promise<Delivery> {
  const { status } = response;
  if (status === 429 || status >= 500) return { kind: 'later', reason: `http-${status}` };
  if (status !== 200 && status !== 202 && status !== 409) return { kind: 'refused', reason: `http-${status}` };
  const text = await response.text();
  try {
    const answer = answerSchema.parse(JSON.parse(text));
    const failed = answer['00081198']?.Value.length ?? 0;
    const kept = answer['00081199']?.Value.length ?? 0;
    if (failed > 0 || status === 409) return { kind: 'refused', reason: `stow-failed-${failed}-of-${count}` };
    // Some servers answer 200 without sequences.
    return kept === 0 || kept >= count ? { kind: 'delivered' } : { kind: 'later', reason: 'stow-incomplete' };
  } catch {
    return status === 200 ? { kind: 'delivered' } : { kind: 'refused', reason: 'stow-answer-unreadable' };
  }
}

export const stowSender = (server: StowServer, deps: ResultSenderDeps): Sender =>
  resultSender(stowTarget(server), deps, async (files, _message, signal) => {
    const response = await fetch(`${server.url}/studies`, {
      method: 'POST',
      headers: {
        'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
        accept: 'application/dicom+json',
        ...(server.authorization !== undefined && { authorization: server.authorization }),
      },
      body: Uint8Array.from(bodyOf(files)),
      redirect: 'error',
      signal,
    });
    return judged(response, files.length);
  });
