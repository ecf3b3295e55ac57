// Runs the service until it is told to stop, and says once, on standard output, where it can be reached.
import { setFlagsFromString } from 'node:v8';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { userFolder } from './paths.ts';

/**
 * How far the heap may grow before all of it is walked again. V8 by itself collects every 15 MB on a busy machine, whole films' tensors
 * count, and each time walks the 50 MB that stay: half of the service's own processor time for a film.
 */
const HEAP_GROWTH_PERCENT = 300;

/**
 * How much a function of WebAssembly runs before V8 compiles it again with the optimising compiler: ten times V8's own. PostgreSQL and the
 * codecs run most of their functions once at the start, where a second compilation costs more than it saves; busy functions still get it.
 */
const WASM_TIERING_BUDGET = 130_000_000;

/** A second signal does not wait for the studies in hand: their jobs are given out again at the next start. */
async function stopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

/** Throws CareError of the config and store rooms; resolves after a graceful stop. */
export async function runUntilStopped(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  // Patients' data: every file and folder that is made is the service's own.
  process.umask(0o077);
  const started = performance.now();
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  setFlagsFromString(`--wasm-tiering-budget=${WASM_TIERING_BUDGET}`);
  const config = readConfig(env, userFolder());
  if (config.access === 'open')
    process.stderr.write(
      'HAIDANG_ACCESS is open: everybody who reaches this machine’s loopback address may do everything.\n',
    );
  const service = await startService(config);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (service.ready) process.stdout.write(`Haidang is ready at ${service.address} (started in ${seconds} s)\n`);
  else process.stderr.write(`Haidang listens at ${service.address}, but the model ${config.cxrModel} is not ready.\n`);
  if (service.loginLink !== undefined)
    process.stderr.write(
      `Liên kết đăng nhập một lần (30 phút) · One-time link to log in (30 minutes):\n  ${service.loginLink}\n`,
    );
  await stopSignal();
  await service.close();
  // Whatever could not be closed in time must not keep the process: a supervisor would kill it in the middle of a write.
  process.exit(0);
}
