import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests start hundreds of processes of the same program: each takes the compiled code that the first has left there.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'haidang-compile-cache');

// Child processes hold ONNX models: forks keep a native crash inside one test file. One file more than there are cores, because many tests wait for
// a process that starts or for a delivery; at most eight, for the memory.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: Math.min(8, availableParallelism() + 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // How long `expect.poll` waits: a loaded machine is slow, not wrong.
    expect: { poll: { timeout: 30_000 } },
    // `npm test` runs the first and needs nothing but Node; `npm run test:browser` runs the second and needs Chromium.
    projects: [
      { extends: true, test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/browser/**'] } },
      { extends: true, test: { name: 'browser', include: ['test/browser/**/*.test.ts'] } },
    ],
  },
});
