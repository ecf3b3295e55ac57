// One message of the Open Inference Protocol v2: JSON, then the bytes of the tensors that the JSON says are binary.
// The door (interop/oip) reads requests with it, the remote executor reads answers, so both hold others to the same rules.
import { z } from 'zod';
import type { Tensor } from '#kernel/frame.ts';
import { inferenceErrors } from '#inference/errors.ts';

/** Bytes of JSON before the binary tensors (the binary tensor data extension). */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

const size = z.number().int().nonnegative();
/** Other servers add keys of their own; a standard's door lets them pass. */
const tensorEntry = z.looseObject({
  name: z.string().min(1),
  shape: z.array(size).min(1).max(8),
  datatype: z.string(),
  parameters: z.looseObject({ binary_data_size: size.optional() }).optional(),
  data: z.unknown().optional(),
});
type TensorEntry = z.infer<typeof tensorEntry>;

export const inferRequestSchema = z.looseObject({
  id: z.string().optional(),
  parameters: z
    .looseObject({
      binary_data_output: z.boolean().optional(),
      /** 1 is the most urgent, 0 asks for the default; as Triton has it. */
      priority: size.optional(),
      /** Microseconds, as Triton has it. */
      timeout: z.number().int().positive().optional(),
    })
    .optional(),
  inputs: z.array(tensorEntry).min(1),
  outputs: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        parameters: z.looseObject({ binary_data: z.boolean().optional() }).optional(),
      }),
    )
    .optional(),
});
export type InferRequest = z.infer<typeof inferRequestSchema>;

export const inferResponseSchema = z.looseObject({
  model_name: z.string(),
  model_version: z.string().optional(),
  id: z.string().optional(),
  outputs: z.array(tensorEntry),
});
export type InferResponse = z.infer<typeof inferResponseSchema>;

const bad = (field: string, reason: string) => inferenceErrors.error('bad-message', { field, reason });

export interface Message<Json> {
  readonly json: Json;
  /** By name; in the datatype FP32 only. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

interface Parts {
  readonly json: unknown;
  readonly binary: Uint8Array;
}

/** Absent header: all of it is JSON. */
function split(body: Uint8Array, jsonLength: string | undefined): Parts {
  const length = jsonLength === undefined ? body.byteLength : Number(jsonLength);
  if (!Number.isInteger(length) || length < 0 || length > body.byteLength)
    throw bad('Inference-Header-Content-Length', `not a length within ${body.byteLength} bytes of body`);
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, length)));
    return { json, binary: body.subarray(length) };
  } catch {
    throw bad('body', 'not valid JSON');
  }
}

/** Row-major numbers, flat or nested as the shape says. */
function numbersOf(data: unknown, { name, shape }: TensorEntry, count: number): Float32Array {
  const values = new Float32Array(count);
  let at = 0;
  const put = (value: unknown): void => {
    if (typeof value !== 'number') throw bad(name, 'its data holds what is no number');
    if (at < count) values[at] = value;
    at += 1;
  };
  const walk = (part: unknown, axis: number): void => {
    if (axis === shape.length) return put(part);
    if (!Array.isArray(part) || part.length !== shape[axis])
      throw bad(name, `its nested data does not have the shape ${shape.join(' × ')}`);
    for (const each of part) walk(each, axis + 1);
  };
  if (!Array.isArray(data)) throw bad(name, 'it has neither data nor binary_data_size');
  if (Array.isArray(data[0])) walk(data, 0);
  else for (const value of data) put(value);
  if (at !== count) throw bad(name, `${at} values where ${shape.join(' × ')} has ${count}`);
  return values;
}

function bytesToTensor(entry: TensorEntry, bytes: Uint8Array, count: number): Float32Array {
  if (bytes.byteLength !== count * Float32Array.BYTES_PER_ELEMENT)
    throw bad(entry.name, `${bytes.byteLength} bytes where ${entry.shape.join(' × ')} of FP32 has ${count * 4}`);
  const values = new Float32Array(count);
  // A copy: the tensor may start at any byte, and an array of floats may not.
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

function readTensors(entries: readonly TensorEntry[], binary: Uint8Array): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const entry of entries) {
    const { name, shape, datatype, parameters } = entry;
    if (tensors.has(name)) throw bad(name, 'it comes twice');
    if (datatype !== 'FP32') throw bad(name, `its datatype is ${datatype.slice(0, 20)}, FP32 is expected`);
    const count = shape.reduce((product, each) => product * each, 1);
    const bytes = parameters?.binary_data_size;
    if (bytes === undefined) {
      tensors.set(name, { shape, data: numbersOf(entry.data, entry, count) });
      continue;
    }
    if (entry.data !== undefined) throw bad(name, 'it has both data and binary_data_size');
    tensors.set(name, { shape, data: bytesToTensor(entry, binary.subarray(at, at + bytes), count) });
    at += bytes;
  }
  if (at !== binary.byteLength) throw bad('body', `${binary.byteLength - at} bytes that no tensor names`);
  for (const [name, { data }] of tensors) if (!data.every(Number.isFinite)) throw bad(name, 'a value is not finite');
  return tensors;
}

function parse<Json>(schema: z.ZodType<Json>, json: unknown): Json {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw bad(path === '' ? 'body' : path, issue?.message ?? 'does not fit the protocol');
}

/** Throws CareError `inference.bad-message`. */
export function readRequest(body: Uint8Array, jsonLength: string | undefined): Message<InferRequest> {
  const { json, binary } = split(body, jsonLength);
  const request = parse(inferRequestSchema, json);
  return { json: request, tensors: readTensors(request.inputs, binary) };
}

/** Throws CareError `inference.bad-message`. */
export function readResponse(body: Uint8Array, jsonLength: string | undefined): Message<InferResponse> {
  const { json, binary } = split(body, jsonLength);
  const response = parse(inferResponseSchema, json);
  return { json: response, tensors: readTensors(response.outputs, binary) };
}

export interface NamedTensor extends Tensor {
  readonly name: string;
  readonly binary: boolean;
}

export interface Encoded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const bytesOf = ({ data }: Tensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** `key` is `inputs` of a request, `outputs` of an answer. */
export function writeMessage(
  key: 'inputs' | 'outputs',
  rest: Readonly<Record<string, unknown>>,
  tensors: readonly NamedTensor[],
): Encoded {
  const entries = tensors.map(({ name, shape, data, binary }) => ({
    name,
    shape,
    datatype: 'FP32',
    ...(binary ? { parameters: { binary_data_size: data.byteLength } } : { data: [...data] }),
  }));
  const json = Buffer.from(JSON.stringify({ ...rest, [key]: entries }));
  const binary = tensors.filter((tensor) => tensor.binary);
  if (binary.length === 0) return { headers: { 'content-type': 'application/json' }, body: json };
  return {
    headers: { 'content-type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(json.byteLength) },
    body: Buffer.concat([json, ...binary.map(bytesOf)]),
  };
}
