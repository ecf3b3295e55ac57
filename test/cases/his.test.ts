// Cases after public bug reports: what a hospital's systems send goes through one running service, and the answer is judged.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FOLDER, hasCases, INDICATORS, readCases } from './his/case.ts';
import { type CaseRunner, openCaseRunner } from './his/run.ts';

let runner: CaseRunner;

test('the cases are here', ({ skip }) => {
  skip(!hasCases, `${FOLDER} is not here`);
  expect(hasCases).toBe(true);
});

describe.skipIf(!hasCases)('cases of the hospital’s side', () => {
  beforeAll(async () => {
    runner = await openCaseRunner(INDICATORS);
  }, 180_000);
  afterAll(() => runner.close());

  test.for(readCases())('$kind $id: $says', async (one) => {
    const faults = await runner.faultsIn(one);
    expect(faults.join('\n')).toBe('');
  });
});
