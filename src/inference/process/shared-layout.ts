// Layout of the file in which a child shares tensors and weights with its parent: the messages between them carry places, not values.
import type { Tensor } from '#kernel/frame.ts';
import type { Answer, Fault, LoadRequest, PlacedAnswer, PlacedLoad, PlacedRun, RunRequest } from './wire.ts';
import { readShared, writeShared } from './shared-file.ts';

const valuesOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Writes the weights one after the other, and says where each lies. */
export function placedLoad(fd: number, order: LoadRequest): PlacedLoad {
  let end = 0;
  const place = (part: Uint8Array) => {
    const at = end;
    writeShared(fd, part, at);
    end += part.length;
    return { at, bytes: part.length };
  };
  return { ...order, models: order.models.map((model) => ({ ...model, parts: model.parts.map(place) })) };
}

/** Writes the tensor, and says where it lies; a fault where it cannot be written as its shape says. */
export function placedRun(fd: number, order: RunRequest): PlacedRun | Fault {
  const { shape, data } = order.input;
  const fault = (name: Fault['name'], reason: string): Fault => ({ kind: 'fault', id: order.id, name, reason });
  // The child reads as many values as the shape says: fewer would be filled up from another film.
  if (data.length !== valuesOf(shape)) return fault('bad-input', `${shape.join(' × ')} with ${data.length} values`);
  try {
    writeShared(fd, data, 0);
  } catch (error) {
    return fault('failed', error instanceof Error ? error.message : String(error));
  }
  return { ...order, input: { shape, at: 0 } };
}

/** All outputs of a run in one piece of memory. */
export function answerOf(fd: number, { outputs, ...report }: PlacedAnswer): Answer {
  const placed = Object.entries(outputs);
  const first = Math.min(...placed.map(([, { at }]) => at));
  const all = new Float32Array(placed.reduce((sum, [, { shape }]) => sum + valuesOf(shape), 0));
  if (all.length > 0) readShared(fd, all, first);
  const tensorOf = ({ shape, at }: { readonly shape: readonly number[]; readonly at: number }): Tensor => {
    const from = (at - first) / all.BYTES_PER_ELEMENT;
    return { shape, data: all.subarray(from, from + valuesOf(shape)) };
  };
  return { ...report, outputs: Object.fromEntries(placed.map(([name, output]) => [name, tensorOf(output)])) };
}
