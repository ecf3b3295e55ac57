// The work on pixels, done in worker threads: asks them, and turns what they refuse into errors.
import { CareError } from '#kernel/errors.ts';
import { prereadErrors } from '#preread/errors.ts';
import type { PictureAnswer, PictureTask } from './decode-messages.ts';
import { type DecodeThreadOptions, startDecodeThreads } from './decode-threads.ts';
import type { Pictures } from './film-images.ts';

type Answered = Extract<PictureAnswer, { kind: 'decoded' | 'prepared' | 'film' | 'pixels' | 'identity' | 'heatmap' }>;

function unwrap(answer: PictureAnswer): Answered {
  switch (answer.kind) {
    case 'refused': {
      const { code, status, text, field, reason } = answer;
      throw new CareError(code, { status, text }, { reason, ...(field !== undefined && { field }) });
    }
    case 'crashed':
      throw prereadErrors.error('decoder-crashed', { reason: answer.name });
    default:
      return answer;
  }
}

const isOf = <Kind extends Answered['kind']>(
  answer: Answered,
  kind: Kind,
): answer is Extract<Answered, { readonly kind: Kind }> => answer.kind === kind;

/** Owns its threads: call `close()`. */
export function startPicturePool(options: DecodeThreadOptions): Pictures {
  const threads = startDecodeThreads(options);

  async function ask<Kind extends Answered['kind']>(task: PictureTask, kind: Kind) {
    const answer = unwrap(await threads.run(task));
    if (!isOf(answer, kind)) throw new Error('the picture worker answered another question');
    return answer;
  }

  return {
    decode: async (bytes, spec) => (await ask({ kind: 'decode', bytes, spec }, 'decoded')).decoded,
    prepare: async (bytes, spec) => (await ask({ kind: 'prepare', bytes, spec }, 'prepared')).prepared,
    film: async (bytes, longestSide) => (await ask({ kind: 'film', bytes, longestSide }, 'film')).film,
    pixels: async (bytes, frame) => (await ask({ kind: 'pixels', bytes, frame }, 'pixels')).body,
    identity: async (bytes) => (await ask({ kind: 'identity', bytes }, 'identity')).identity,
    heatmap: async (map, size) => (await ask({ kind: 'heatmap', map, size }, 'heatmap')).png,
    close: threads.close,
  };
}
