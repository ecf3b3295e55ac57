// A step goes through its door by HTTP or a socket, and what was answered comes back as texts and told results.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Resource, Step } from './case.ts';
import { readCard, readLine, readResult, readRiskAssessment, type RiskAssessment, type Told } from './told.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Each card, line or result as one text. */
  readonly texts: readonly string[];
  readonly told: readonly Told[];
  readonly rejected?: readonly { readonly code: string; readonly reason: { readonly code: string } }[];
  readonly lines?: readonly { readonly kind: string; readonly value?: number | null }[];
  /** MSA-1 of each answer. */
  readonly acks?: readonly string[];
}

export interface Doors {
  readonly address: string;
  readonly hl7Port: number;
}

async function post(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, body: await response.text() };
}

const postJson = (url: string, body: object, language = 'vi') =>
  post(url, JSON.stringify(body), { 'content-type': 'application/json', 'accept-language': language });

/** What a FHIR server would find for a template of discovery. */
function found(template: string, resources: readonly Resource[]): object | null {
  const [type = '', query = ''] = template.split(/[/?]/, 2);
  const own = resources.filter(({ resourceType }) => resourceType === type);
  if (!template.includes('?')) return own[0] ?? null;
  const wanted = new URLSearchParams(query).get('category')?.split(',');
  const entry = own
    .filter(
      (one) => wanted === undefined || wanted.some((code) => JSON.stringify(one['category'] ?? '').includes(code)),
    )
    .map((resource) => ({ resource }));
  return { resourceType: 'Bundle', type: 'searchset', entry };
}

const OUTCOME = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };

async function hook(step: Step, patient: string, { address }: Doors): Promise<Answer> {
  const discovery = await (await fetch(`${address}/cds-services`)).text();
  const services: { hook: string; id: string; prefetch: Record<string, string> }[] = JSON.parse(discovery).services;
  const service = services.find((one) => one.hook === 'patient-view');
  if (service === undefined) throw new Error('discovery lists no service for patient-view');
  const { resources = [], failing, language } = step;
  const prefetch = Object.fromEntries(
    Object.entries(service.prefetch).map(([key, template]) => [
      key,
      failing !== undefined && template.includes(failing) ? OUTCOME : found(template, resources),
    ]),
  );
  const request = {
    hook: 'patient-view',
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/bs.gialap', patientId: patient },
    prefetch,
  };
  const answer = await postJson(`${address}/cds-services/${service.id}`, request, language);
  const cards: Parameters<typeof readCard>[0][] = answer.status === 200 ? JSON.parse(answer.body).cards : [];
  return {
    ...answer,
    texts: cards.map(({ summary, detail = '' }) => `${summary}\n${detail}`),
    told: cards.flatMap(readCard),
  };
}

async function assess({ resources = [], language }: Step, { address }: Doors): Promise<Answer> {
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
  const answer = await postJson(`${address}/fhir/$assess`, bundle, language);
  const entries: { resource: RiskAssessment }[] = answer.status === 200 ? (JSON.parse(answer.body).entry ?? []) : [];
  return {
    ...answer,
    texts: entries.map(({ resource }) => JSON.stringify(resource)),
    told: entries.flatMap(({ resource }) => readRiskAssessment(resource)),
  };
}

async function risk({ body = {} }: Step, { address }: Doors): Promise<Answer> {
  const answer = await postJson(`${address}/v1/risk/assess`, body);
  const { results = [], rejected = [] } = answer.status === 200 ? JSON.parse(answer.body) : {};
  return {
    ...answer,
    texts: results.map((one: unknown) => JSON.stringify(one)),
    told: results.flatMap(readResult),
    rejected,
  };
}

async function hl7(
  { segments = [], version = '2.5.1', messageType = 'ORU^R01^ORU_R01', frame }: Step,
  { hl7Port }: Doors,
): Promise<Answer> {
  const ends = new Map<string | undefined, readonly number[]>([
    [undefined, [0x1c, 0x0d]],
    ['no-final-cr', [0x1c]],
  ]);
  const end = ends.get(frame);
  if (end === undefined) throw new Error(`no frame ${frame} is known`);
  const header = `MSH|^~\\&|GIALAP|GIALAP|||20261130080000||${messageType}|${randomUUID().slice(0, 18)}|P|${version}||||||UNICODE UTF-8`;
  const message = [header, ...segments].map((segment) => `${segment}\r`).join('');
  const socket = connect({ port: hl7Port, host: '127.0.0.1' });
  let body = '';
  socket.on('data', (chunk: Buffer) => void (body += chunk.toString('utf8')));
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.from(message), Buffer.of(...end)]));
  const waitMs = 5_000;
  const since = Date.now();
  while (!body.includes('\u001c') && Date.now() - since < waitMs) await pause(20);
  // A second answer would come at once.
  await pause(100);
  socket.destroy();
  if (!socket.closed) await once(socket, 'close');
  const acks = [...body.matchAll(/(?:^|\r)MSA\|(\w+)/g)].map((match) => match[1] ?? '');
  return { status: 200, body, texts: [body], told: [], acks };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function claimFile(tables: Readonly<Record<string, string>>, encoding: string): Uint8Array<ArrayBuffer> {
  const files = Object.entries(tables).map(
    ([name, xml]) =>
      `<FILEHOSO><LOAIHOSO>${name}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(xml).toString('base64')}</NOIDUNGFILE></FILEHOSO>`,
  );
  const text =
    `<?xml version="1.0" encoding="${encoding}"?><GIAMDINHHS><THONGTINDONVI><MACSKCB>01001</MACSKCB></THONGTINDONVI>` +
    `<THONGTINHOSO><NGAYLAP>20261130</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO>${files.join('')}` +
    `</HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>`;
  return Uint8Array.from(encoding === 'utf-16' ? Buffer.from(`\uFEFF${text}`, 'utf16le') : Buffer.from(text));
}

async function claim({ tables = {}, encoding = 'utf-8' }: Step, { address }: Doors): Promise<Answer> {
  const type = { 'content-type': 'application/xml' };
  const answer = await post(`${address}/v1/import/xml130`, claimFile(tables, encoding), type);
  const texts = answer.body.split('\n').filter((line) => line !== '');
  const lines = answer.status === 200 ? texts.map((line) => JSON.parse(line)) : [];
  return { ...answer, texts, told: [], lines };
}

async function checkDrug({ info }: Step, { address }: Doors): Promise<Answer> {
  const drug = { medicationName: 'Paracetamol 500mg', medicationId: 'GL01', drugRoute: null };
  const request = {
    sessionID: null,
    isTemporary: true,
    prescriptionInfo: { info, drugList: [drug] },
  };
  const answer = await postJson(`${address}/api/HIS/CheckDrug`, request);
  const categories: { CategoryName: string; Issues: { Issue: string }[] }[] =
    answer.status === 200 ? JSON.parse(answer.body).issueCategories : [];
  return {
    ...answer,
    texts: categories.map(({ CategoryName, Issues }) => [CategoryName, ...Issues.map(({ Issue }) => Issue)].join('\n')),
    told: categories.flatMap(({ CategoryName }) => readLine(CategoryName)),
  };
}

export async function send(step: Step, patient: string, doors: Doors): Promise<Answer> {
  switch (step.door) {
    case 'hook':
      return hook(step, patient, doors);
    case 'assess':
      return assess(step, doors);
    case 'risk':
      return risk(step, doors);
    case 'hl7':
      return hl7(step, doors);
    case 'xml':
      return claim(step, doors);
    case 'checkdrug':
      return checkDrug(step, doors);
    default:
      throw new Error(`no door ${String(step.door satisfies never)} is known`);
  }
}
