// Asks another server by the Open Inference Protocol v2 (Triton, KServe, OpenVINO Model Server, MLServer, another Haidang).
import { z } from 'zod';
import type { Tensor } from '#kernel/frame.ts';
import { inferenceErrors } from '#inference/errors.ts';
import {
  JSON_LENGTH_HEADER,
  readResponse,
  type InferResponse,
  type Message,
  writeMessage,
} from '#inference/open-inference/message.ts';
import type { ModelManifest } from '#models/schema.ts';

const server = z.looseObject({ name: z.string(), extensions: z.array(z.string()).default([]) });
const tensor = z.looseObject({ name: z.string(), datatype: z.string(), shape: z.array(z.number().int()) });
const metadata = z.looseObject({
  name: z.string(),
  inputs: z.array(tensor).default([]),
  outputs: z.array(tensor).default([]),
});

export interface RemoteCall {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface RemoteClient {
  /** Throws CareError `inference.remote` when the server is away, has no such model and version, or declares other tensors. */
  check(call: RemoteCall): Promise<void>;
  /** Throws CareError `inference.remote`, also for an answer to another question. */
  infer(input: Tensor, id: string, call: RemoteCall): Promise<Message<InferResponse>>;
}

/** Maps of 64 films of 17 heads as JSON numbers take less. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

const failed = (reason: string, cause?: unknown) => inferenceErrors.error('remote', { reason, cause });

async function boundedBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_ANSWER_BYTES) throw failed('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The outputs that the manifest reads; others of the graph need not travel. */
const outputNames = ({ outputs, gate }: ModelManifest): string[] => [
  outputs.logits,
  outputs.embedding,
  ...(outputs.mapsBy === undefined ? [outputs.maps] : []),
  ...(gate.pixels === undefined ? [] : [gate.pixels.output]),
  ...(gate.distance === undefined ? [] : [gate.distance.output]),
];

/** `token`: a bearer token or key of that server, asked for anew before each check, so that one that was exchanged is found. */
export function remoteClient(url: string, manifest: ModelManifest, token?: () => string): RemoteClient {
  const { id: model, version, input } = manifest;
  const path = `/v2/models/${model}/versions/${version}`;
  const wanted = outputNames(manifest);
  /** Until the server says that it reads binary tensors, numbers are written as JSON, which every server reads. */
  let binary = false;
  let authorization: { readonly authorization?: string } = {};

  async function ask(
    address: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> },
    { timeoutMs, signal }: RemoteCall,
  ) {
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      const headers = { ...init.headers, ...authorization };
      const response = await fetch(`${url}${address}`, { ...init, headers, redirect: 'error', signal: either });
      const body = await boundedBody(response);
      if (!response.ok) throw failed(`it answered ${response.status} to ${address}`);
      return { body, jsonLength: response.headers.get(JSON_LENGTH_HEADER) ?? undefined };
    } catch (cause) {
      signal?.throwIfAborted();
      if (timeout.aborted) throw failed(`no answer within ${Math.round(timeoutMs)} ms`, cause);
      throw cause instanceof Error && cause.name === 'CareError' ? cause : failed('it cannot be reached', cause);
    }
  }

  async function json<Value>(address: string, schema: z.ZodType<Value>, call: RemoteCall): Promise<Value> {
    const { body } = await ask(address, {}, call);
    try {
      return schema.parse(JSON.parse(Buffer.from(body).toString('utf8')));
    } catch (cause) {
      throw failed(`its answer to ${address} does not follow the protocol`, cause);
    }
  }

  return {
    async check(call) {
      if (token !== undefined) authorization = { authorization: `Bearer ${token()}` };
      const { extensions } = await json('/v2', server, call);
      binary = extensions.includes('binary_tensor_data');
      const { inputs, outputs } = await json(path, metadata, call);
      // A server that tells nothing of the tensors (MLServer without declarations) is judged by its golden outputs alone.
      const wrong = inputs.find(({ name, datatype }) => name !== input.name || datatype !== 'FP32');
      if (wrong !== undefined) throw failed(`its input is ${wrong.name}, ${wrong.datatype}`);
      const missing = wanted.find((name) => outputs.length > 0 && !outputs.some((output) => output.name === name));
      if (missing !== undefined) throw failed(`it has no output ${missing}`);
    },

    async infer({ shape, data }, id, call) {
      const outputs = wanted.map((name) => ({ name, ...(binary && { parameters: { binary_data: true } }) }));
      const { headers, body } = writeMessage('inputs', { id, outputs }, [{ name: input.name, shape, data, binary }]);
      const init = { method: 'POST', headers: { ...headers }, body: new Uint8Array(body) };
      const answer = await ask(`${path}/infer`, init, call);
      let message: Message<InferResponse>;
      try {
        message = readResponse(answer.body, answer.jsonLength);
      } catch (cause) {
        throw failed(cause instanceof Error ? cause.message : 'its answer cannot be read', cause);
      }
      if (message.json.id !== id) throw failed('it answered another request');
      if (message.json.model_name !== model || (message.json.model_version ?? version) !== version)
        throw failed('it answered with another model or version');
      for (const name of wanted)
        if (message.tensors.get(name)?.shape[0] !== shape[0]) throw failed(`its output ${name} has another batch`);
      return message;
    },
  };
}
