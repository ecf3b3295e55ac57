import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { encodeOnnxModel, type OnnxGraph } from '#onnx/encode.ts';
import { createWireWriter } from '#onnx/wire-writer.ts';

/** y = x · scale + [1, 2, 3], in float64. */
const graph: OnnxGraph = {
  name: 'affine',
  inputs: [{ name: 'x', type: 'double', dims: ['batch', 3] }],
  outputs: [{ name: 'y', type: 'double', dims: ['batch', 3] }],
  constants: [
    { name: 'scale', dims: [1, 1], data: Float64Array.of(0.1) },
    { name: 'shift', dims: [1, 3], data: Float64Array.of(1, 2, 3) },
  ],
  nodes: [
    { op: 'Mul', inputs: ['x', 'scale'], outputs: ['scaled'] },
    { op: 'Add', inputs: ['scaled', 'shift'], outputs: ['y'] },
  ],
  documentation: 'a test',
  metadata: { id: 'affine' },
};

test('varints follow the protobuf encoding, negative numbers in ten bytes', () => {
  const out = createWireWriter();
  out.varint(1, 300);
  out.varint(1, -1);
  // 300 = 0b10_0101100: low seven bits 0101100 with the continuation bit (0xac), then 0b10.
  expect([...out.finish()]).toEqual([0x08, 0xac, 0x02, 0x08, ...Array<number>(9).fill(0xff), 0x01]);
});

test('an encoded graph runs in ONNX Runtime in float64', async () => {
  const session = await InferenceSession.create(encodeOnnxModel(graph));
  const { y } = await session.run({ x: new Tensor('float64', Float64Array.of(0.1, 0.2, 0.3, 1, 1, 1), [2, 3]) });
  expect([...(y!.data as Float64Array)]).toEqual([0.1 * 0.1 + 1, 0.2 * 0.1 + 2, 0.3 * 0.1 + 3, 1.1, 2.1, 3.1]);
});

test('the same graph gives the same bytes', () => {
  expect(encodeOnnxModel(graph)).toEqual(encodeOnnxModel(structuredClone(graph)));
});

test('a constant that does not fill its shape is refused', () => {
  const broken = { ...graph, constants: [{ name: 'scale', dims: [2, 2], data: Float64Array.of(1) }] };
  expect(() => encodeOnnxModel(broken)).toThrow('constant scale holds 1 values for a shape of 4');
});
