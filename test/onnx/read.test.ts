// Bytes of strangers: reading either gives a graph or says what is wrong, and never anything else.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addToGraph, withFreeBatch } from '#onnx/edit.ts';
import { readOnnx } from '#onnx/read.ts';
import { NETWORKS } from '../fixtures/networks.ts';

const outcome = (bytes: Uint8Array): string => {
  try {
    readOnnx(bytes);
    return 'read';
  } catch (error) {
    return error instanceof RangeError ? 'refused' : String(error);
  }
};

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(['read', 'refused']).toContain(outcome(bytes));
    }),
  );
});

test('a model that was cut or changed anywhere is read or refused', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(255), fc.boolean(), (at, value, cut) => {
      const place = at % NETWORKS.xrv.length;
      const bytes = NETWORKS.xrv.slice(0, cut ? place : undefined);
      if (!cut) bytes[place] = value;
      expect(['read', 'refused']).toContain(outcome(bytes));
    }),
  );
});

test('names, shapes, attributes and the operator set are those that were written', () => {
  const { nodes, tensors, inputs, outputs, opset } = readOnnx(NETWORKS.densenet);
  expect(opset).toBe(17);
  expect(inputs).toMatchObject([{ name: 'image', type: 1, dims: ['batch', 1, 16, 16] }]);
  expect(outputs).toMatchObject([{ name: 'answer', dims: ['batch', 3] }]);
  expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'Relu', 'GlobalAveragePool', 'Flatten', 'Gemm']);
  expect(nodes[4]?.ints.get('transB')).toEqual([1]);
  expect(tensors.get('head')?.dims).toEqual([3, 4]);
});

test('adding nothing changes no byte', () => {
  const model = readOnnx(NETWORKS.efficientnet);
  expect(addToGraph(model, { nodes: [], constants: [], outputs: [] })).toEqual(NETWORKS.efficientnet);
});

test('a batch of one becomes free in inputs, outputs and reshapes', () => {
  const { inputs, outputs, tensors } = readOnnx(withFreeBatch(readOnnx(NETWORKS.fixed)));
  expect([inputs[0]?.dims?.[0], outputs[0]?.dims?.[0]]).toEqual(['batch', 'batch']);
  expect(tensors.get('flatShape')?.dims).toEqual([2]);
});
