// One worker thread of the decode pool: it answers each request under its number.
import { parentPort } from 'node:worker_threads';
import { CareError } from '#kernel/errors.ts';
import { heatmapPng } from '#explanation/heatmap.ts';
import type { PictureAnswer, PictureRequest } from './decode-messages.ts';
import { identify, renderFilm } from './film-images.ts';
import { filmPixels } from './film-pixels.ts';
import { decodeImage, prepareImage } from './prepare.ts';

if (parentPort === null) throw new Error('picture-worker.ts runs in a worker thread');
const port = parentPort;

/** Structured clone makes a plain Uint8Array of a Buffer. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

async function work(request: PictureRequest): Promise<PictureAnswer> {
  const { id } = request;
  switch (request.kind) {
    case 'decode':
      return { id, kind: 'decoded', decoded: await decodeImage(bufferOf(request.bytes), request.spec) };
    case 'prepare':
      return { id, kind: 'prepared', prepared: await prepareImage(bufferOf(request.bytes), request.spec) };
    case 'film':
      return { id, kind: 'film', film: await renderFilm(bufferOf(request.bytes), request.longestSide) };
    case 'pixels':
      return { id, kind: 'pixels', body: await filmPixels(bufferOf(request.bytes), request.frame) };
    case 'identity':
      return { id, kind: 'identity', identity: await identify(bufferOf(request.bytes)) };
    case 'heatmap':
      return { id, kind: 'heatmap', png: await heatmapPng(request.map, request.size) };
    default:
      return request satisfies never;
  }
}

async function answer(request: PictureRequest): Promise<PictureAnswer> {
  try {
    return await work(request);
  } catch (thrown) {
    if (thrown instanceof CareError) {
      const { code, status, text, field, reason } = thrown;
      return { id: request.id, kind: 'refused', code, status, text, field, reason };
    }
    // The message of a foreign error may quote the file: only its name travels.
    return { id: request.id, kind: 'crashed', name: thrown instanceof Error ? thrown.name : 'unknown' };
  }
}

/** The tensor is moved, not copied; a PNG may lie in a pool of Node's, which cannot be moved. */
const movedOf = (result: PictureAnswer): ArrayBuffer[] => {
  const buffer = result.kind === 'prepared' ? result.prepared.tensor.data.buffer : undefined;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
};

port.on('message', (request: PictureRequest) => {
  void answer(request).then((result) => port.postMessage(result, movedOf(result)));
});
