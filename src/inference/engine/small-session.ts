// Runs a small float64 graph in this process, because leaving it would cost a thousand times the run.
// For graphs of microseconds only (the risk equations): `run` holds the event loop for its whole length, so callers bound their batches.
// Networks run in child processes (engine.ts), where a deadline is a kill; here a run of 1,024 rows takes 0.1 to 2 ms, less than sending them.
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface SmallSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Columns of one length in, columns of that length out. Throws what ONNX Runtime throws: a missing or stray column, a lookup outside its table. */
  run(columns: Readonly<Record<string, Float64Array>>): Promise<Readonly<Record<string, Float64Array>>>;
  close(): Promise<void>;
}

function columnOf(name: string, data: unknown): Float64Array {
  if (!(data instanceof Float64Array)) throw new TypeError(`output ${name} is not float64`);
  return data;
}

/** One thread: a batch is too short to be worth a second. */
export async function openSmallSession(model: Uint8Array): Promise<SmallSession> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(columns) {
      const feeds: Record<string, Tensor> = {};
      for (const [name, values] of Object.entries(columns))
        feeds[name] = new Tensor('float64', values, [values.length]);
      const results = await session.run(feeds);
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, columnOf(name, data)]));
    },
    close: () => session.release(),
  };
}
