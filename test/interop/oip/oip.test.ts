// The Open Inference Protocol door of a running service, asked as its clients ask: JSON, binary tensors, and all that is refused.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readResponse, writeMessage } from '#inference/open-inference/message.ts';
import { HEADS, tinyAnswer, tinyInput, tinyWeights } from '../../fixtures/tiny-model.ts';
import { openTestService, type TestService } from '../../flows/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

const MODEL = '/v2/models/cxr-findings';
const input = tinyInput((i) => Math.sin(i));
const expected = tinyAnswer(input.data, tinyWeights());
const errorSchema = z.strictObject({ error: z.string().min(1) });
/** The body must be the protocol's error and nothing else. */
const errorOf = async (response: Response): Promise<string> => errorSchema.parse(await response.json()).error;
const answerOf = async (response: Response) =>
  readResponse(
    new Uint8Array(await response.arrayBuffer()),
    response.headers.get('inference-header-content-length') ?? undefined,
  );
const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${service.address}${path}`, init);
const infer = (body: unknown, path = `${MODEL}/infer`): Promise<Response> =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const film = { name: 'film', shape: [1, 1, 16, 16], datatype: 'FP32', data: [...input.data] };

const near = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(got.length).toBe(wanted.length);
  Array.from(wanted).forEach((value, i) => expect(got[i]).toBeCloseTo(value, 4));
};

test('server and model say what they are', async () => {
  expect(await (await ask('/v2')).json()).toMatchObject({
    name: 'haidang',
    extensions: expect.arrayContaining(['binary_tensor_data']),
  });
  expect(await (await ask('/v2/health/live')).json()).toEqual({ live: true });
  expect(await (await ask('/v2/health/ready')).json()).toEqual({ ready: true });
  const metadata: unknown = await (await ask(`${MODEL}/versions/1`)).json();
  expect(metadata).toEqual(await (await ask(MODEL)).json());
  expect(metadata).toMatchObject({
    name: 'cxr-findings',
    versions: ['1'],
    inputs: [{ name: 'film', datatype: 'FP32', shape: [-1, 1, 16, 16] }],
    outputs: expect.arrayContaining([{ name: 'logits', datatype: 'FP32', shape: [-1, HEADS.length] }]),
  });
  expect(await (await ask(`${MODEL}/ready`)).json()).toEqual({ name: 'cxr-findings', ready: true });
  expect(await (await ask('/v2/repository/index', { method: 'POST' })).json()).toEqual([
    { name: 'cxr-findings', version: '1', state: 'READY', reason: '' },
  ]);
});

test('a JSON request is answered in JSON with its id, flat and nested data alike', async () => {
  const { json, tensors } = await answerOf(await infer({ id: 'mine', inputs: [film], outputs: [{ name: 'logits' }] }));
  expect(json).toMatchObject({
    model_name: 'cxr-findings',
    model_version: '1',
    id: 'mine',
    parameters: { provider: 'cpu', precision: 'fp32' },
  });
  expect([...tensors.keys()]).toEqual(['logits']);
  near(tensors.get('logits')?.data ?? [], expected.logits);
  const rows = Array.from({ length: 16 }, (_, row) => film.data.slice(row * 16, row * 16 + 16));
  const nested = await answerOf(await infer({ inputs: [{ ...film, data: [[rows]] }], outputs: [{ name: 'logits' }] }));
  expect(nested.tensors).toEqual(tensors);
});

test('a binary request is answered with binary tensors, whatever Content-Type its client sends', async () => {
  const two = { shape: [2, 1, 16, 16], data: Float32Array.from([...input.data, ...tinyInput(Math.cos).data]) };
  const { headers, body } = writeMessage('inputs', { parameters: { binary_data_output: true } }, [
    { ...two, name: 'film', binary: true },
  ]);
  for (const type of ['application/octet-stream', 'application/json']) {
    const response = await ask(`${MODEL}/versions/1/infer`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
    });
    expect(response.status).toBe(200);
    const { tensors } = await answerOf(response);
    expect(tensors.get('logits')?.shape).toEqual([2, HEADS.length]);
    near(tensors.get('logits')?.data.subarray(0, HEADS.length) ?? [], expected.logits);
    near(tensors.get('maps')?.data.subarray(0, expected.maps.length) ?? [], expected.maps);
  }
});

const binaryOf = (bytes: number, header: string) => {
  const json = JSON.stringify({ inputs: [{ ...film, data: undefined, parameters: { binary_data_size: bytes } }] });
  return {
    method: 'POST',
    headers: { 'inference-header-content-length': header.replace('right', String(json.length)) },
    body: json + '\0'.repeat(1024),
  };
};

test.each<[string, string, { method: string; body: string } | { inputs?: object[]; outputs?: object[] }, number]>([
  ['another model', '/v2/models/other/infer', { inputs: [film] }, 404],
  ['another version', `${MODEL}/versions/9/infer`, { inputs: [film] }, 404],
  ['no inputs', `${MODEL}/infer`, {}, 400],
  ['another name', `${MODEL}/infer`, { inputs: [{ ...film, name: 'picture' }] }, 400],
  ['another shape', `${MODEL}/infer`, { inputs: [{ ...film, shape: [1, 1, 8, 32] }] }, 400],
  ['an empty batch', `${MODEL}/infer`, { inputs: [{ ...film, shape: [0, 1, 16, 16], data: [] }] }, 400],
  ['too few values', `${MODEL}/infer`, { inputs: [{ ...film, data: film.data.slice(1) }] }, 400],
  ['nested data of another shape', `${MODEL}/infer`, { inputs: [{ ...film, data: [film.data] }] }, 400],
  [
    'null for a number',
    `${MODEL}/infer`,
    { inputs: [{ ...film, data: film.data.map((v, i) => (i === 3 ? null : v)) }] },
    400,
  ],
  [
    'a number that float32 cannot hold',
    `${MODEL}/infer`,
    { inputs: [{ ...film, data: film.data.map((v, i) => (i === 3 ? 1e39 : v)) }] },
    400,
  ],
  ['another datatype', `${MODEL}/infer`, { inputs: [{ ...film, datatype: 'FP64' }] }, 400],
  ['the same input twice', `${MODEL}/infer`, { inputs: [film, film] }, 400],
  ['an unknown output', `${MODEL}/infer`, { inputs: [film], outputs: [{ name: 'diagnosis' }] }, 400],
  ['text', `${MODEL}/infer`, { method: 'POST', body: 'film' }, 400],
  ['a length past the body', `${MODEL}/infer`, binaryOf(1024, '99999'), 400],
  ['a length that is no number', `${MODEL}/infer`, binaryOf(1024, 'long'), 400],
  ['fewer bytes than the shape has', `${MODEL}/infer`, binaryOf(1020, 'right'), 400],
  ['more bytes than there are', `${MODEL}/infer`, binaryOf(2048, 'right'), 400],
])('refused in the error shape of the protocol: %s', async (_name, path, init, status) => {
  const response = 'method' in init ? await ask(path, init) : await infer(init, path);
  expect([response.status, await errorOf(response)]).toEqual([status, expect.any(String)]);
});

test('a run that is not done by its timeout is refused, and the next one is answered', async () => {
  const slow = { ...film, data: film.data.map((value, i) => (i === 0 ? 1e9 : value)) };
  const late = await infer({ inputs: [slow], parameters: { timeout: 50_000 } });
  expect([late.status, await errorOf(late)]).toEqual([504, 'not done within 50 ms']);
  expect((await infer({ inputs: [film] })).status).toBe(200);
});
