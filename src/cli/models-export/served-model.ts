// A model as an inference server is told of it: one file, its tensors, and whether it can be batched.
import type { Model, ModelFile } from '#models/model.ts';
import { metadataOf } from '#interop/oip/metadata.ts';
import { tensorNames } from '#risk/equation/golden.ts';
import type { ServedEquation } from '#risk/equation/library.ts';

export interface ServedTensor {
  readonly name: string;
  readonly datatype: 'FP32' | 'FP64';
  /** -1: any size; the first is the batch. */
  readonly shape: readonly number[];
}

export interface ServedModel {
  readonly id: string;
  readonly version: string;
  /** The file of weights; the repository holds it as `<id>/<version>/model.onnx`. */
  readonly path: string;
  readonly inputs: readonly ServedTensor[];
  readonly outputs: readonly ServedTensor[];
}

export function servedImaging(model: Model, { path }: ModelFile): ServedModel {
  const { inputs, outputs } = metadataOf(model, [model.manifest.version]);
  return { id: model.manifest.id, version: model.manifest.version, path, inputs, outputs };
}

/** One number per person and column: the batch is the only dimension. */
export function servedEquation({ equation }: ServedEquation, folder: string, path: string): ServedModel {
  const tensor = (name: string): ServedTensor => ({ name, datatype: 'FP64', shape: [-1] });
  return {
    id: folder,
    version: equation.data.version,
    path,
    inputs: [...equation.inputs.keys()].map(tensor),
    outputs: tensorNames(equation).map(tensor),
  };
}
