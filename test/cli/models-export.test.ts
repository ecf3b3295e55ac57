// The repository for other inference servers says of each model what model.json says.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { servedImaging } from '#cli/models-export/served-model.ts';
import { tritonConfig, writeServed } from '#cli/models-export/write-repository.ts';
import { loadModel } from '#models/load.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

test('a folder per model with config.pbtxt, the settings of MLServer and the very file of weights', async () => {
  const root = mkdtempSync(join(tmpdir(), 'haidang-export-'));
  writeTinyModel(root, { version: '7' });
  const model = await loadModel(join(root, 'tiny'));
  const out = join(root, 'out');
  const files = await writeServed(out, servedImaging(model, model.file()));
  expect(files).toEqual(['tiny/7/model.onnx', 'tiny/config.pbtxt', 'tiny/model-settings.json']);
  expect(readFileSync(join(out, 'tiny/7/model.onnx'))).toEqual(readFileSync(model.file().path));
  const config = readFileSync(join(out, 'tiny/config.pbtxt'), 'utf8');
  expect(config).toContain('{ name: "film" data_type: TYPE_FP32 dims: [ 1, 16, 16 ] }');
  expect(config).toContain('{ name: "maps" data_type: TYPE_FP32 dims: [ 3, 8, 8 ] }');
  expect(config).toContain('max_batch_size: 64');
  expect(JSON.parse(readFileSync(join(out, 'tiny/model-settings.json'), 'utf8'))).toMatchObject({
    name: 'tiny',
    parameters: { uri: './7/model.onnx', version: '7' },
    inputs: [{ name: 'film', datatype: 'FP32', shape: [-1, 1, 16, 16] }],
  });
  rmSync(root, { recursive: true });
});

test('an equation, whose only dimension is the batch, is batched by its caller', () => {
  const column = { name: 'age', datatype: 'FP64' as const, shape: [-1] };
  const config = tritonConfig({ id: 'risk-x', version: '1', path: '', inputs: [column], outputs: [column] });
  expect(config).toContain('max_batch_size: 0');
  expect(config).toContain('{ name: "age" data_type: TYPE_FP64 dims: [ -1 ] }');
  expect(config).not.toContain('dynamic_batching');
});
