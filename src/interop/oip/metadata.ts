// Metadata of a model for the Open Inference Protocol: its name, version, inputs and outputs, as model.json declares them.
import type { Model } from '#models/model.ts';

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: 'FP32';
  /** -1: any size. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** Names that the execution servers give to the libraries. */
const PLATFORMS = { onnx: 'onnxruntime_onnx', tfjs: 'tensorflow_js' } as const;

const tensor = (name: string, ...shape: number[]): TensorMetadata => ({
  name,
  datatype: 'FP32',
  shape: [-1, ...shape],
});

/** `versions`: those in service. */
export function metadataOf(model: Model, versions: readonly string[]): ModelMetadata {
  const { id, input, outputs, heads, gate } = model.manifest;
  return {
    name: id,
    versions: [...versions],
    platform: PLATFORMS[model.file().format],
    inputs: [tensor(input.name, input.channels, input.rows, input.columns)],
    outputs: [
      tensor(outputs.logits, heads.length),
      ...(outputs.mapsBy === undefined
        ? [tensor(outputs.maps, heads.length, outputs.mapRows, outputs.mapColumns)]
        : []),
      tensor(outputs.embedding, outputs.embeddingSize),
      ...(gate.pixels === undefined ? [] : [tensor(gate.pixels.output, gate.pixels.classes.length)]),
      ...(gate.distance === undefined ? [] : [tensor(gate.distance.output, 1)]),
    ],
  };
}
