// Films that public bug reports describe, each with its right answers: read by the command line, or sent to a running service.
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestService, openTestService } from '../flows/service.ts';
import { casesAreHere, filesCases, groupsWithoutClash, stepsCases } from './film-case.ts';
import { faultsOf } from './judge-answer.ts';
import { type Answer, prereadAll } from './preread-answers.ts';
import { takeSteps } from './steps.ts';

// The model that ships reads about a hundred films here, on a machine that may do other work at the same time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

const absence = casesAreHere ? '' : ' (../shared/cases/film is not here: skipped)';

describe.skipIf(!casesAreHere)(`films read from disk${absence}`, () => {
  let answersTo: (files: readonly string[]) => readonly Answer[];
  beforeAll(async () => {
    const compared = filesCases.flatMap((one) =>
      one.expect.flatMap(({ like }) => (like === undefined ? [] : [[like]])),
    );
    answersTo = await prereadAll([...filesCases.map(({ files }) => files), ...compared]);
  });

  const readAlone = (file: string): Answer => {
    const [answer] = answersTo([file]);
    if (answer === undefined) throw new Error(`${file} has no answer`);
    return answer;
  };

  test.each(filesCases)('$kind, $id: $shows', (one) => {
    const answers = answersTo(one.files);
    expect(answers, 'all files of a case are one study').toHaveLength(1);
    const [answer] = answers;
    if (answer === undefined) return;
    const reasons = answer.reasons.map(({ code, text }) => `${code}: ${text}`);
    expect(faultsOf(answer, one, readAlone), `${answer.outcome}\n${reasons.join('\n')}`).toEqual([]);
  });
});

// Cases that share a patient would see each other's films, so that each of these groups has a service of its own.
const groups = groupsWithoutClash(stepsCases, ({ people }) => people);

describe.skipIf(!casesAreHere).each(groups.map((cases) => ({ cases })))(
  `films sent to a service${absence}`,
  ({ cases }) => {
    let service: TestService;
    beforeAll(async () => {
      service = await openTestService(undefined, undefined, { HAIDANG_MODELS_DIR: resolve('models') });
    });
    afterAll(() => service?.close());

    test.each(cases)('$kind, $id: $shows', async ({ steps }) => {
      await expect(takeSteps(service.address, steps)).resolves.toBeUndefined();
    });
  },
);
