import { defineConfig } from 'vitest/config';

// Child processes hold ONNX models: forks keep a native crash inside one test file, and two at a time suit a small machine.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
