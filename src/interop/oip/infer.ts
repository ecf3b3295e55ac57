// One inference asked over the protocol: judged against the model's own metadata, run by the engine that reads the hospital's films.
import type { Tensor } from '#kernel/frame.ts';
import type { Engine, ModelOutputs } from '#inference/engine/engine.ts';
import {
  type Encoded,
  type InferRequest,
  type Message,
  type NamedTensor,
  writeMessage,
} from '#inference/open-inference/message.ts';
import { oipErrors } from './errors.ts';
import type { ModelMetadata } from './metadata.ts';

/** Items of one request; more than that holds a child too long for the films that wait behind it. */
const MOST_ITEMS = 64;
/** Where the caller names no `timeout`. */
const DEADLINE_MS = 20_000;
const LONGEST_DEADLINE_MS = 600_000;

function inputOf({ json, tensors }: Message<InferRequest>, { inputs: [wanted] }: ModelMetadata): Tensor {
  if (wanted === undefined) throw oipErrors.error('wrong-input', { reason: 'the model declares no input' });
  const stranger = json.inputs.find(({ name }) => name !== wanted.name);
  if (stranger !== undefined)
    throw oipErrors.error('wrong-input', { field: stranger.name.slice(0, 100), reason: `the input is ${wanted.name}` });
  const tensor = tensors.get(wanted.name);
  if (tensor === undefined) throw oipErrors.error('wrong-input', { field: wanted.name, reason: 'it is missing' });
  const [items = 0, ...rest] = tensor.shape;
  const [, ...declared] = wanted.shape;
  if (rest.join('×') !== declared.join('×') || items < 1 || items > MOST_ITEMS)
    throw oipErrors.error('wrong-input', {
      field: wanted.name,
      reason: `its shape is ${tensor.shape.join(' × ')}, the model takes 1 to ${MOST_ITEMS} × ${declared.join(' × ')}`,
    });
  return tensor;
}

/** In the order asked; all where none is named. */
function wantedOutputs({ json: { outputs, parameters } }: Message<InferRequest>, metadata: ModelMetadata) {
  const known = metadata.outputs.map(({ name }) => name);
  const binaryByDefault = parameters?.binary_data_output ?? false;
  if (outputs === undefined || outputs.length === 0) return known.map((name) => ({ name, binary: binaryByDefault }));
  for (const { name } of outputs)
    if (!known.includes(name))
      throw oipErrors.error('unknown-output', {
        field: name.slice(0, 100),
        reason: `the outputs are ${known.join(', ')}`,
      });
  return outputs.map((output) => ({
    name: output.name,
    binary: output.parameters?.binary_data ?? binaryByDefault,
  }));
}

function answerOf(
  ran: ModelOutputs,
  wanted: readonly { readonly name: string; readonly binary: boolean }[],
  id: string | undefined,
): Encoded {
  const tensors = wanted.map(({ name, binary }): NamedTensor => {
    const tensor = ran.outputs[name];
    if (tensor === undefined) throw oipErrors.error('unknown-output', { field: name, reason: 'the graph gave none' });
    return { ...tensor, name, binary };
  });
  const { modelId, modelVersion, modelSha256, provider, precision } = ran;
  const parameters = { provider, precision, model_sha256: modelSha256 };
  const rest = { model_name: modelId, model_version: modelVersion, ...(id !== undefined && { id }), parameters };
  return writeMessage('outputs', rest, tensors);
}

/** `metadata`: of the one version that is asked. Throws CareError `oip.*` and what the engine throws. */
export async function infer(
  message: Message<InferRequest>,
  metadata: ModelMetadata,
  { engine, signal }: { readonly engine: Pick<Engine, 'run'>; readonly signal: AbortSignal },
): Promise<Encoded> {
  const input = inputOf(message, metadata);
  const wanted = wantedOutputs(message, metadata);
  const { timeout, priority } = message.json.parameters ?? {};
  const deadlineMs = timeout === undefined ? DEADLINE_MS : Math.min(timeout / 1000, LONGEST_DEADLINE_MS);
  const [version] = metadata.versions;
  const ran = await engine.run(metadata.name, input, {
    deadlineMs,
    signal,
    ...(version !== undefined && { version }),
    urgency: priority === 1 ? 'stat' : priority === 2 ? 'now' : 'later',
  });
  return answerOf(ran, wanted, message.json.id);
}
