import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { GrayFrame } from '#kernel/frame.ts';
import { tensorSha256 } from '#tensor/digest.ts';
import { stack } from '#tensor/stack.ts';
import { toTensor } from '#tensor/to-tensor.ts';

const frame: GrayFrame = {
  columns: 4,
  rows: 2,
  values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25),
  sourceColumns: 4000,
  sourceRows: 2000,
};

const code = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing was thrown';
};

describe('a frame becomes a tensor', () => {
  test('normalise subtracts the mean and divides by the deviation', () => {
    const { tensor } = toTensor(frame, [{ step: 'normalise', mean: 0.5, deviation: 0.25 }]);
    expect(tensor.shape).toEqual([1, 1, 2, 4]);
    expect([...tensor.data]).toEqual([-2, -1, 0, 1, 2, 1, 0, -1]);
  });

  test('standardise leaves mean 0 and deviation 1, and the floor holds for a flat film', () => {
    const { tensor } = toTensor(frame, [{ step: 'standardise', floor: 1e-3 }]);
    // mean = 4 / 8 = 0.5; variance = (0.25 + 0.0625 + 0 + 0.0625) × 2 / 8 = 0.09375
    expect(tensor.data[0]).toBeCloseTo(-0.5 / Math.sqrt(0.09375), 6);
    const flat = { ...frame, values: new Float32Array(8).fill(0.3) };
    expect([...toTensor(flat, [{ step: 'standardise', floor: 1e-3 }]).tensor.data]).toEqual(Array(8).fill(0));
  });

  test('repeat-channel copies the gray plane', () => {
    const { tensor } = toTensor(frame, [{ step: 'repeat-channel', channels: 3 }]);
    expect(tensor.shape).toEqual([1, 3, 2, 4]);
    expect([...tensor.data.subarray(8, 16)]).toEqual([...frame.values]);
  });

  test('repeat-channel can give each channel its own mean and deviation', () => {
    const { tensor } = toTensor(frame, [
      { step: 'repeat-channel', channels: 2, means: [0.5, 0.25], deviations: [0.25, 0.5] },
    ]);
    expect([...tensor.data.subarray(0, 3)]).toEqual([-2, -1, 0]);
    expect([...tensor.data.subarray(8, 11)]).toEqual([-0.5, 0, 0.5]);
  });

  test('crop takes the square in the middle, and the trace knows where it lies on the film', () => {
    const { tensor, trace } = toTensor(frame, [
      { step: 'crop', shape: 'centre-square' },
      { step: 'resize', columns: 4, rows: 4, fit: 'squeeze' },
    ]);
    // Columns 1 and 2 of 4; 1,000 source pixels a column.
    expect(trace).toMatchObject({ offsetX: 1000, offsetY: 0, scaleX: 500, scaleY: 500, columns: 4, rows: 4 });
    expect([...toTensor(frame, [{ step: 'crop', shape: 'centre-square' }]).tensor.data]).toEqual([
      0.25, 0.5, 0.75, 0.5,
    ]);
    expect(tensor.shape).toEqual([1, 1, 4, 4]);
  });

  test('the trace leads from the tensor to the full-size film, however the frame was decoded', () => {
    const { trace } = toTensor(frame, [
      { step: 'resize', columns: 8, rows: 8, fit: 'squeeze' },
      { step: 'resize', columns: 16, rows: 10, fit: 'squeeze' },
    ]);
    expect(trace).toMatchObject({
      columns: 16,
      rows: 10,
      scaleX: 4000 / 16,
      scaleY: 2000 / 10,
      offsetX: 0,
      offsetY: 0,
    });
  });

  test('a value that is not a number is refused, and so is a size that disagrees with the values', () => {
    const broken = { ...frame, values: Float32Array.of(0, 0, 0, Number.NaN, 0, 0, 0, 0) };
    expect(code(() => toTensor(broken, []))).toBe('tensor.bad-frame');
    expect(code(() => toTensor({ ...frame, rows: 3 }, []))).toBe('tensor.bad-frame');
  });

  test('a step after repeat-channel is refused', () => {
    const steps = [
      { step: 'repeat-channel', channels: 3 } as const,
      { step: 'normalise', mean: 0, deviation: 1 } as const,
    ];
    expect(code(() => toTensor(frame, steps))).toBe('tensor.bad-steps');
  });
});

describe('a batch', () => {
  const one = { shape: [1, 2], data: Float32Array.of(1, 2) };

  test('is the tensors one after the other', () => {
    const two = { shape: [2, 2], data: Float32Array.of(3, 4, 5, 6) };
    expect(stack([one, two])).toEqual({ shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  });

  test('of unlike shapes, or of nothing, is refused', () => {
    expect(code(() => stack([one, { shape: [1, 1], data: Float32Array.of(1) }]))).toBe('tensor.bad-frame');
    expect(code(() => stack([]))).toBe('tensor.bad-frame');
  });
});

test('the hash is over thousandths as little-endian int32, and forgives the last bits', () => {
  // 0.0012 → 1, -0.0026 → -3, 1.0004 → 1000
  const bytes = Buffer.alloc(12);
  bytes.writeInt32LE(1, 0);
  bytes.writeInt32LE(-3, 4);
  bytes.writeInt32LE(1000, 8);
  const expected = createHash('sha256').update(bytes).digest('hex');
  expect(tensorSha256({ shape: [3], data: Float32Array.of(0.0012, -0.0026, 1.0004) })).toBe(expected);
  expect(tensorSha256({ shape: [3], data: Float32Array.of(0.00120001, -0.00260001, 1.00039) })).toBe(expected);
});
