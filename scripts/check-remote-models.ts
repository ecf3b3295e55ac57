// `node scripts/check-remote-models.ts URL FILMS PID`: asks a running inference server and this machine the same, prints the largest
// difference, then kills the server (PID) and asks once more. Exit 1 when an answer differs by more than 1e-5, when one came from here though
// the server should have given it, or when this machine does not answer in the killed server's place. Used by .ci/steps.
import { startEngine } from '#inference/engine/start-engine.ts';
import { goldenPicture } from '#models/golden.ts';
import { loadModels } from '#models/load.ts';
import { toTensor } from '#tensor/to-tensor.ts';

const TOLERANCE = 1e-5;
const [url = '', films = '16', pid = ''] = process.argv.slice(2);
const { models } = await loadModels('models');
let wrong = 0;

for (const [index, model] of models.entries()) {
  const { id, preprocessing } = model.manifest;
  const options = { models: [model], processes: 1, queueLimit: 1_000 };
  await using far = await startEngine({ ...options, remote: { url, timeoutMs: 30_000 } });
  await using here = await startEngine(options);
  const state = far.remotes().get(id);
  const pictures = Array.from({ length: Number(films) }, (_, i) =>
    goldenPicture({ rows: 200 + i, columns: 180 + 2 * i, a: 0.05 + i / 300, b: 0.03 - i / 500 }),
  );
  const tensors = pictures.map((picture) => toTensor(picture, preprocessing).tensor);
  const run = { deadlineMs: 120_000 };
  const started = performance.now();
  const remote = await Promise.all(tensors.map((tensor) => far.run(id, tensor, run)));
  const remoteMs = performance.now() - started;
  const local = await Promise.all(tensors.map((tensor) => here.run(id, tensor, run)));
  let largest = 0;
  for (const [i, { outputs }] of local.entries())
    for (const [name, { data }] of Object.entries(outputs)) {
      const other = remote[i]?.outputs[name]?.data;
      data.forEach((value, at) => {
        // Relative beyond 1, so that a map of large values is not asked for more digits than float32 has.
        const gap = Math.abs(value - (other?.[at] ?? Number.NaN)) / Math.max(1, Math.abs(value));
        largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(largest, gap);
      });
    }
  const providers = [...new Set(remote.map(({ provider }) => provider))];
  const equal = largest <= TOLERANCE && providers.every((provider) => provider.startsWith('oip:'));
  if (!equal) wrong += 1;
  const figures = { model: id, films: tensors.length, providers, largestDifference: largest, tolerance: TOLERANCE };
  const [first] = tensors;
  const last = index === models.length - 1;
  if (last) process.kill(Number(pid), 'SIGKILL');
  const after = last && first !== undefined ? await far.run(id, first, run) : undefined;
  if (after !== undefined && after.provider !== 'cpu') wrong += 1;
  const killed = after === undefined ? {} : { providerAfterKill: after.provider };
  process.stdout.write(`${JSON.stringify({ ...figures, ...killed, remoteMs: Math.round(remoteMs), state })}\n`);
}
process.exitCode = wrong === 0 ? 0 : 1;
