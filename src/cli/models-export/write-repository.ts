// A model repository as Triton, KServe and OpenVINO Model Server read it, with the settings of MLServer beside.
import { copyFile, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ServedModel, ServedTensor } from './served-model.ts';

/** As the door of our own service has it. */
const MOST_ITEMS = 64;
const QUEUE_DELAY_MICROSECONDS = 3_000;

/** Protocol buffers in text form, which is what config.pbtxt is. */
export function tritonConfig({ id, inputs, outputs }: ServedModel): string {
  // A graph whose only dimension is the batch (a risk equation) is batched by its caller: Triton knows no item of no dimension.
  const batched = inputs.every(({ shape }) => shape.length > 1);
  const tensor = ({ name, datatype, shape }: ServedTensor): string =>
    `  { name: "${name}" data_type: TYPE_${datatype} dims: [ ${(batched ? shape.slice(1) : shape).join(', ')} ] }`;
  const list = (tensors: readonly ServedTensor[]): string => tensors.map(tensor).join(',\n');
  return [
    '# Written by `haidang models export-repository` from model.json; change that and write it again.',
    `name: "${id}"`,
    'backend: "onnxruntime"',
    'default_model_filename: "model.onnx"',
    `max_batch_size: ${batched ? MOST_ITEMS : 0}`,
    `input [\n${list(inputs)}\n]`,
    `output [\n${list(outputs)}\n]`,
    'version_policy { all { } }',
    ...(batched ? [`dynamic_batching { max_queue_delay_microseconds: ${QUEUE_DELAY_MICROSECONDS} }`] : []),
    '',
  ].join('\n');
}

/** For MLServer with the runtime in deploy/inference/haidang_onnx.py. */
const mlserverSettings = ({ id, version, inputs, outputs }: ServedModel): string =>
  `${JSON.stringify(
    {
      name: id,
      implementation: 'haidang_onnx.OnnxModel',
      inputs,
      outputs,
      parameters: { uri: `./${version}/model.onnx`, version },
    },
    null,
    2,
  )}\n`;

/** A hard link where the disk allows it: servers in containers do not follow links out of the folder. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  await link(from, to).catch(() => copyFile(from, to));
}

/** The names of the files written, relative to `folder`. */
export async function writeServed(folder: string, model: ServedModel): Promise<string[]> {
  const root = join(folder, model.id);
  const weights = join(root, model.version, 'model.onnx');
  await place(model.path, weights);
  await writeFile(join(root, 'config.pbtxt'), tritonConfig(model));
  await writeFile(join(root, 'model-settings.json'), mlserverSettings(model));
  return [weights, join(root, 'config.pbtxt'), join(root, 'model-settings.json')].map((file) => relative(folder, file));
}
