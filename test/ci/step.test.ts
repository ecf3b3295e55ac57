// CI cannot pass by skipping: a step without its tool counts as failed there.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function run(steps: string, ci: string): { readonly status: number | null; readonly last: string | undefined } {
  const { status, stdout } = spawnSync('bash', ['-c', `set -uo pipefail; . .ci/step.sh; ${steps}; closing`], {
    env: { PATH: process.env['PATH'], CI: ci },
    encoding: 'utf8',
  });
  return { status, last: stdout.trim().split('\n').at(-1) };
}

const WITHOUT_TOOL = "step good true; step bare bash -c 'exit 77'";

test('a step without its tool is skipped on a developer’s machine', () => {
  expect(run(WITHOUT_TOOL, '')).toEqual({ status: 0, last: '1 passed, 0 failed, 1 skipped' });
});

test('in CI it is a failure', () => {
  expect(run(WITHOUT_TOOL, 'true')).toEqual({ status: 1, last: '1 passed, 1 failed, 0 skipped' });
});

test('one failed step fails the whole', () => {
  expect(run('step bad false; step good true', '')).toEqual({ status: 1, last: '1 passed, 1 failed, 0 skipped' });
});
