// Cases after public bug reports: what a hospital's systems send goes through one running service, and the answer is judged.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelsFolder, openTestService, type TestService } from '../flows/service.ts';
import { type Case, fill, FOLDER, hasCases, INDICATORS, readCases, type Step } from './his/case.ts';
import { type Answer, type Doors, pause, send } from './his/doors.ts';
import { differences, faultsOf, hasRead } from './his/judge.ts';
import { freePort } from '../fixtures/free-port.ts';

/** A slow machine answers late, and "still computing" is not what is judged here. */
const SITE = { cdsHooks: { deadlineMs: 10_000 }, hispro: { answerWithinMs: 5_000 } };
const AWAITED_MS = 10_000;

let service: TestService;
let models: string;
let doors: Doors;

/** Every equation of the repository beside a small model for films. */
function allModels(): string {
  const folder = modelsFolder();
  for (const name of readdirSync('models').filter((one) => one.startsWith('risk-')))
    cpSync(join('models', name), join(folder, name), { recursive: true });
  return folder;
}

/** `await`: asked again until the line is there. `until`: asked again while it may still come right. */
async function answerTo(step: Step, patient: string): Promise<Answer> {
  const since = Date.now();
  const { await: awaited, until, expect: expected } = step;
  for (;;) {
    const answer = await send(step, patient, doors);
    const here = awaited === undefined || answer.told.some(({ topic }) => topic === awaited);
    const right = until === undefined || faultsOf(answer, expected).length === 0;
    const limit = Math.max(awaited === undefined ? 0 : AWAITED_MS, (until ?? 0) * 1000);
    if ((here && right) || Date.now() - since > limit) return answer;
    await pause(250);
  }
}

/** Enough of an answer to see what went wrong. */
const shown = ({ told, texts, status }: Answer): string =>
  JSON.stringify({ status, told, texts: texts.slice(0, 4).map((text) => text.slice(0, 200)) }, null, 1);

async function faultsIn(one: Case): Promise<readonly string[]> {
  const faults: string[] = [];
  const answers: Answer[] = [];
  const newPatient = (): string => `GL-${one.id}-${Math.random().toString(36).slice(2, 8)}`.replaceAll('.', '-');
  let patient = newPatient();
  for (const [at, form] of one.steps.entries()) {
    if (one.apart === true) patient = newPatient();
    const step = fill(form, patient, Date.now());
    const answer = await answerTo(step, patient);
    answers.push(answer);
    const found = faultsOf(answer, step.expect).map((fault) => `step ${at + 1}, ${step.door}: ${fault}`);
    if (found.length > 0) faults.push(...found, shown(answer));
  }
  for (const topic of one.same ?? []) faults.push(...differences(answers, topic));
  const reads = one.steps.flatMap(({ reads: what }, at) => {
    const answer = answers[at];
    return what === undefined || answer === undefined ? [] : [hasRead(answer, what)];
  });
  if (one.agree === true && new Set(reads).size > 1) faults.push(`agree: read ${reads.join()}`);
  return faults;
}

test('the cases are here', ({ skip }) => {
  skip(!hasCases, `${FOLDER} is not here`);
  expect(hasCases).toBe(true);
});

describe.skipIf(!hasCases)('cases of the hospital’s side', () => {
  beforeAll(async () => {
    const hl7Port = await freePort();
    models = allModels();
    const variables = {
      HAIDANG_HL7_PORT: String(hl7Port),
      HAIDANG_INDICATORS: INDICATORS,
      HAIDANG_MODELS_DIR: models,
    };
    service = await openTestService(undefined, SITE, variables);
    doors = { address: service.address, hl7Port };
  }, 180_000);
  afterAll(async () => {
    await service.close();
    rmSync(models, { recursive: true, force: true });
  });

  test.for(readCases())('$kind $id: $says', async (one) => {
    const faults = await faultsIn(one);
    expect(faults.join('\n')).toBe('');
  });
});
