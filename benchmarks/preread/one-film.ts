// Measures each part of the pipeline per film: one film at a time, one thread.
import { readFileSync } from 'node:fs';
import { systemClock } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/ids.ts';
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import type { ModelOutputs } from '#inference/engine/engine.ts';
import type { Model } from '#models/model.ts';
import { openImage } from '#preread/intake/image-facts.ts';
import { judgeHeads, priorityOf } from '#preread/read/findings.ts';
import { gateOutputs } from '#preread/gate/gate.ts';
import { inlinePictures } from '#preread/read/film-images.ts';
import { preparedFrom, specFor } from '#preread/read/prepare.ts';
import { explainStudy } from '#preread/read/read-study.ts';

export const PARTS = ['decode', 'tensor', 'forward', 'decision', 'faithfulness', 'heatmaps', 'total'] as const;
export type Part = (typeof PARTS)[number];
export type FilmTimes = Readonly<Record<Part, number>> & { readonly maps: number };

const DEADLINE_MS = 60_000;

interface Ran {
  readonly outputs: ModelOutputs;
  readonly ms: number;
}

/** Reads one film as the service does, without its doors and its database. */
async function timesOf(bytes: Buffer, model: Model, engine: RunningEngine): Promise<FilmTimes> {
  const spec = specFor(model.manifest);
  const ran: Ran[] = [];
  const drawn: { from: number; to: number }[] = [];
  let decode = 0;
  let tensor = 0;
  const started = performance.now();
  const { reading } = await explainStudy(
    { uid: 'benchmark', images: [{ sha256: sha256Hex(bytes), load: async () => bytes }] },
    {
      model,
      engine: {
        ...engine,
        async run(...request) {
          const sent = performance.now();
          const outputs = await engine.run(...request);
          ran.push({ outputs, ms: performance.now() - sent });
          return outputs;
        },
      },
      clock: systemClock,
      facilityId: 'benchmark',
      policyVersion: 'benchmark',
      deadlineMs: DEADLINE_MS,
      async open(image) {
        const opened = performance.now();
        const file = openImage(await image.load());
        const frame = await file.gray(spec.atLeast);
        const decoded = performance.now();
        const prepared = preparedFrom(file.facts, frame, spec);
        decode = decoded - opened;
        tensor = performance.now() - decoded;
        return prepared;
      },
      async drawHeatmap(...heatmap) {
        const from = performance.now();
        const png = await inlinePictures.heatmap(...heatmap);
        drawn.push({ from, to: performance.now() });
        return png;
      },
    },
  );
  const total = performance.now() - started;
  const [first] = ran;
  if (reading.outcome !== 'assessed' || first === undefined)
    throw new Error(`a phantom was not assessed: ${reading.reasons.map(({ code }) => code).join(', ')}`);
  const decision = decisionMs(first.outputs, model);
  // The maps are drawn beside each other: from the first to the last.
  const heatmaps =
    drawn.length === 0 ? 0 : Math.max(...drawn.map(({ to }) => to)) - Math.min(...drawn.map(({ from }) => from));
  return {
    decode,
    tensor,
    forward: first.ms,
    decision,
    // Further runs of the model, and the arithmetic that hides parts of the film.
    faithfulness: total - decode - tensor - first.ms - decision - heatmaps,
    heatmaps,
    total,
    maps: ran.length - 1,
  };
}

/** Gate, calibration, findings and priority once more, by themselves. */
function decisionMs({ outputs }: ModelOutputs, model: Model): number {
  const started = performance.now();
  gateOutputs(outputs, model.manifest.gate);
  const logits = outputs[model.manifest.outputs.logits]?.data;
  if (logits === undefined) throw new Error('no logits');
  priorityOf(judgeHeads(logits, model, 50).results);
  return performance.now() - started;
}

const WARM_UP = 3;
const TICK_MS = 10;

/** Of this process and the inference child, milliseconds; undefined where there is no /proc. */
function processorMs(engine: RunningEngine): number | undefined {
  try {
    const { user, system } = process.cpuUsage();
    const ticks = engine.processIds().map((pid) => {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [userTicks, systemTicks] = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return (userTicks ?? Number.NaN) + (systemTicks ?? Number.NaN);
    });
    return (user + system) / 1000 + ticks.reduce((sum, each) => sum + each, 0) * TICK_MS;
  } catch {
    return undefined;
  }
}

export interface Measured {
  readonly times: readonly FilmTimes[];
  /** Per film, all parts together, on whatever cores; null where it cannot be known. */
  readonly processorMs: number | null;
}

/** After a few films that do not count. */
export async function oneFilmTimes(
  films: readonly Uint8Array[],
  model: Model,
  engine: RunningEngine,
): Promise<Measured> {
  const buffers = films.map((film) => Buffer.from(film));
  for (const film of buffers.slice(0, WARM_UP)) await timesOf(film, model, engine);
  const before = processorMs(engine);
  const times: FilmTimes[] = [];
  for (const film of buffers) times.push(await timesOf(film, model, engine));
  const after = processorMs(engine);
  return {
    times,
    processorMs: before === undefined || after === undefined ? null : (after - before) / buffers.length,
  };
}
