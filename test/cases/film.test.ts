// Films that public bug reports describe, each with its right answers: read by the command line, or sent to a running service.
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestService, openTestService } from '../flows/service.ts';
import { casesAreHere, filesCases, groupsWithoutClash, stepsCases } from './film-case.ts';
import { faultsOf } from './judge-answer.ts';
import { PENDING } from './film-pending.ts';
import { type Answer, prereadAll } from './preread-answers.ts';
import { DOORS } from './doors.ts';
import { freePort } from '../fixtures/free-port.ts';
import { takeSteps } from './steps.ts';

// The model that ships reads about a hundred films here, on a machine that may do other work at the same time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

/** HAIDANG_TEST_DOOR=stow or c-store: the same cases through another door. */
const DOOR = DOORS.find((door) => door === process.env['HAIDANG_TEST_DOOR']) ?? 'upload';
const RIGHT_NOW = 'right now: take this case off the list';
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
    const [answer, ...more] = answersTo(one.files);
    const faults =
      answer === undefined || more.length > 0
        ? ['all files of a case are one study']
        : [...faultsOf(answer, one, readAlone), ...answer.reasons.map(({ code, text }) => `(${code}: ${text})`)];
    const wrong = faults.some((fault) => !fault.startsWith('('));
    expect(wrong, PENDING.has(one.id) ? RIGHT_NOW : faults.join('\n')).toBe(PENDING.has(one.id));
  });
});

// Cases that share a patient would see each other's films, so that each of these groups has a service of its own.
const groups = groupsWithoutClash(stepsCases, ({ people }) => people);

describe.skipIf(!casesAreHere).each(groups.map((cases) => ({ cases })))(
  `films sent to a service${absence}`,
  ({ cases }) => {
    let service: TestService;
    let dicomPort: number;
    beforeAll(async () => {
      dicomPort = await freePort();
      service = await openTestService(undefined, undefined, {
        HAIDANG_MODELS_DIR: resolve('models'),
        HAIDANG_DICOM_PORT: String(dicomPort),
      });
    });
    afterAll(() => service?.close());

    test.each(cases)('$kind, $id: $shows', async ({ id, steps }) => {
      const fault = await takeSteps({ web: service.address, dicomPort }, steps, DOOR).catch(
        (thrown: unknown) => thrown,
      );
      expect(fault !== undefined, PENDING.has(id) ? RIGHT_NOW : String(fault)).toBe(PENDING.has(id));
    });
  },
);
