// Sends the requests of a case to a running service. Each step throws with the difference where the answer is not a right one.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { expect } from 'vitest';
import {
  type AlertsStep,
  type ExpectedStudy,
  type ImageStep,
  type PostStep,
  type Step,
  type StudyStep,
  pathOf,
} from './film-case.ts';
import { type Address, type Door, sendThrough } from './doors.ts';
import { hasCode, reasonsTell } from './judge-answer.ts';

/** The parts of `GET /v1/studies/{uid}` that the cases ask for. */
interface StudyBody {
  readonly patient: { readonly id: string | null; readonly name: string | null; readonly birthDate: string | null };
  readonly accessionNumber: string | null;
  readonly images: readonly { readonly sopInstanceUid: string }[];
  readonly alertIds: readonly string[];
  readonly progress: { readonly state: string };
  readonly reading: {
    readonly outcome: string;
    readonly sopInstanceUids: readonly string[];
    readonly reasons: readonly { readonly code: string; readonly text: { readonly vi: string; readonly en: string } }[];
  } | null;
}

/** The answer to an upload, or the problem that refuses it. */
interface UploadBody {
  readonly code?: string;
  readonly instances?: readonly { readonly status: string; readonly problem: { readonly code: string } | null }[];
}

const OPEN_ALERTS = ['new', 'seen', 'acknowledged'];
const POLL_MS = 100;

const answerOf = async <Body>(response: Response): Promise<Body> => JSON.parse(await response.text());

/** Other doors do not tell stored from known; they must take what the upload takes, and refuse what it refuses. */
async function postThrough(door: Door, address: Address, step: PostStep): Promise<boolean> {
  const taken = await sendThrough(door, address, readFileSync(pathOf(step.post)));
  if (taken === undefined) return false;
  const mayBeTaken = step.status.some((status) => status < 300) && step.said?.join() !== 'refused';
  const mayBeRefused = step.status.some((status) => status >= 300) || step.said?.includes('refused') === true;
  const said = `${step.post} by ${door} is ${taken ? 'taken' : 'refused'}`;
  expect(taken ? mayBeTaken : mayBeRefused, said).toBe(true);
  return true;
}

async function post(address: string, step: PostStep): Promise<void> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(readFileSync(pathOf(step.post)))]), basename(step.post));
  const response = await fetch(`${address}/v1/studies`, { method: 'POST', body: form });
  const body = await answerOf<UploadBody>(response);
  const [instance] = body.instances ?? [];
  const said = `${step.post} is answered ${response.status} ${JSON.stringify(body)}`;
  expect(step.status, said).toContain(response.status);
  if (step.said !== undefined) expect(step.said, said).toContain(instance?.status);
  if (step.codes !== undefined) {
    const codes = [body.code, instance?.problem?.code].filter((code): code is string => code !== undefined);
    expect(hasCode(codes, step.codes), said).toBe(true);
  }
}

/** Waits until nothing of the study waits to be read. */
async function settledStudy(address: string, uid: string): Promise<{ status: number; body: StudyBody }> {
  for (;;) {
    const response = await fetch(`${address}/v1/studies/${uid}`);
    const body = await answerOf<StudyBody>(response);
    if (response.status !== 200 || ['done', 'failed'].includes(body.progress.state))
      return { status: response.status, body };
    await wait(POLL_MS);
  }
}

const sameMembers = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join() === others.toSorted().join();

const normalised = (text: string | null | undefined): string => (text ?? '').normalize('NFC');

function patientDiffers(right: NonNullable<ExpectedStudy['patient']>, is: StudyBody['patient']): boolean {
  if (right.id !== undefined && is.id !== right.id) return true;
  if (right.birthDate !== undefined && is.birthDate !== right.birthDate) return true;
  if (right.name !== undefined && normalised(is.name) !== normalised(right.name)) return true;
  return right.nameStarts !== undefined && !normalised(is.name).startsWith(normalised(right.nameStarts));
}

/** The names of the fields that do not hold. */
function differingFields(right: ExpectedStudy, status: number, body: StudyBody): string[] {
  const statuses = right.status ?? [200];
  if (!statuses.includes(status)) return [`status ${status}`];
  if (status !== 200) return [];
  const { reading } = body;
  const reasons = (reading?.reasons ?? []).map(({ code, text }) => ({ code, text: `${text.en}\n${text.vi}` }));
  const read = reading?.sopInstanceUids ?? [];
  const images = body.images.map(({ sopInstanceUid }) => sopInstanceUid);
  const outcomes = right.outcome === undefined ? undefined : [right.outcome].flat();
  const differs: Readonly<Record<string, boolean>> = {
    patient: right.patient !== undefined && patientDiffers(right.patient, body.patient),
    accession: right.accession !== undefined && body.accessionNumber !== right.accession,
    outcome: outcomes !== undefined && !outcomes.includes(reading?.outcome ?? 'none'),
    read: right.read !== undefined && !sameMembers(read, right.read),
    images: right.images !== undefined && !sameMembers(images, right.images),
    lacks: right.lacks !== undefined && [...images, ...read].includes(right.lacks),
    alerts: right.alerts !== undefined && body.alertIds.length !== right.alerts,
    codes:
      right.codes !== undefined &&
      !hasCode(
        reasons.map(({ code }) => code),
        right.codes,
      ),
    tells: right.tells !== undefined && !reasonsTell(reasons, right.tells),
  };
  return Object.keys(differs).filter((field) => differs[field]);
}

async function study(address: string, step: StudyStep): Promise<void> {
  const { status, body } = await settledStudy(address, step.study);
  const differences = step.any.map((right) => differingFields(right, status, body));
  const { patient, reading, images, alertIds } = body;
  const said = JSON.stringify({ patient, outcome: reading?.outcome, images, alertIds, reasons: reading?.reasons });
  if (differences.every((fields) => fields.length > 0))
    expect.fail(`differs in ${JSON.stringify(differences)}: ${said}`);
  for (const text of step.never ?? []) expect(JSON.stringify(patient)).not.toContain(text);
}

async function pixelsOf(address: string, uid: string, size: number) {
  const response = await fetch(`${address}/v1/images/${uid}?size=${size}`);
  expect(response.status).toBe(200);
  const picture = sharp(Buffer.from(await response.arrayBuffer())).greyscale();
  return picture.raw().toBuffer({ resolveWithObject: true });
}

async function image(address: string, step: ImageStep): Promise<void> {
  const shown = await pixelsOf(address, step.image, step.size);
  if (step.ratio !== undefined) {
    const ratio = shown.info.width / shown.info.height;
    expect(ratio).toBeGreaterThanOrEqual(step.ratio[0]);
    expect(ratio).toBeLessThanOrEqual(step.ratio[1]);
  }
  if (step.as === undefined) return;
  const other = await pixelsOf(address, step.as, step.size);
  expect([shown.info.width, shown.info.height]).toEqual([other.info.width, other.info.height]);
  let sum = 0;
  for (const [index, value] of shown.data.entries()) sum += Math.abs(value - (other.data[index] ?? 0));
  expect(sum / shown.data.length).toBeLessThanOrEqual(step.within ?? 0);
}

async function alertsOf(address: string, step: AlertsStep): Promise<void> {
  const response = await fetch(`${address}/v1/alerts?patientCode=${encodeURIComponent(step.alertsOf)}`);
  expect(response.status).toBe(200);
  const alerts = await answerOf<readonly { readonly status: string }[]>(response);
  const open = alerts.filter(({ status }) => OPEN_ALERTS.includes(status));
  expect(open.length > 0, `${step.alertsOf} has ${open.length} open alerts`).toBe(step.some);
}

async function takeStep(address: string, step: Step): Promise<void> {
  if ('post' in step) return post(address, step);
  if ('study' in step) return study(address, step);
  if ('image' in step) return image(address, step);
  return alertsOf(address, step);
}

/** One after the other, as their order is part of the case. */
/** Films go through `door`; what a door cannot carry, and what is no film, goes by upload. */
export async function takeSteps(address: Address, steps: readonly Step[], door: Door): Promise<void> {
  for (const step of steps) {
    const sent = 'post' in step && door !== 'upload' && (await postThrough(door, address, step));
    if (!sent) await takeStep(address.web, step);
  }
}
