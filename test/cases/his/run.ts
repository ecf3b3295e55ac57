// Runs cases of the hospital's side against one service with every equation, and gives the faults of each.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { modelsFolder, openTestService } from '../../flows/service.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { type Case, fill, type Step } from './case.ts';
import { type Answer, type Doors, pause, send } from './doors.ts';
import { differences, faultsOf, hasRead } from './judge.ts';

/** A slow machine answers late, and "still computing" is not what is judged here. */
const SITE = { cdsHooks: { deadlineMs: 10_000 }, hispro: { answerWithinMs: 5_000 } };
const AWAITED_MS = 10_000;

export interface CaseRunner {
  /** Empty: every answer is right. */
  faultsIn(one: Case): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Every equation of the repository beside a small model for films. */
function allModels(): string {
  const folder = modelsFolder();
  for (const name of readdirSync('models').filter((one) => one.startsWith('risk-')))
    cpSync(join('models', name), join(folder, name), { recursive: true });
  return folder;
}

/** `await`: asked again until the line is there. `until`: asked again while it may still come right. */
async function answerTo(step: Step, patient: string, doors: Doors): Promise<Answer> {
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
const shown = ({ told, texts, status, rejected }: Answer): string =>
  JSON.stringify({ status, told, rejected, texts: texts.slice(0, 4).map((text) => text.slice(0, 200)) }, null, 1);

async function faultsIn(one: Case, doors: Doors): Promise<readonly string[]> {
  const faults: string[] = [];
  const answers: Answer[] = [];
  const newPatient = (): string => `GL-${one.id}-${Math.random().toString(36).slice(2, 8)}`.replaceAll('.', '-');
  let patient = newPatient();
  for (const [at, form] of one.steps.entries()) {
    if (one.apart === true) patient = newPatient();
    const step = fill(form, patient, Date.now());
    if (step.after !== undefined) await pause(step.after * 1000);
    const answer = await answerTo(step, patient, doors);
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

/** `indicators`: the file of the site's own codes. */
export async function openCaseRunner(indicators: string): Promise<CaseRunner> {
  const hl7Port = await freePort();
  const models = allModels();
  const service = await openTestService(undefined, SITE, {
    HAIDANG_HL7_PORT: String(hl7Port),
    HAIDANG_INDICATORS: indicators,
    HAIDANG_MODELS_DIR: models,
  });
  return {
    faultsIn: (one) => faultsIn(one, { address: service.address, hl7Port }),
    async close() {
      await service.close();
      rmSync(models, { recursive: true, force: true });
    },
  };
}
