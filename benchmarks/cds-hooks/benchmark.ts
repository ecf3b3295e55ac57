// CDS Hooks `patient-view` at a fixed rate, whatever the answers take: p50, p95, p99, the rates offered and served, and how many cards
// said "still computing". Of four questions two ask for what is stored, one brings the values that the patient had before, one brings new
// ones to be judged. Prints a report and writes results/<date>-<commit>-<cpus>.json:
// `npm run --silent benchmark:cds-hooks -- [--rate N] [--seconds N] [--patients N]`.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptions } from '../options.ts';
import { commit, keepResult, quantile, root, round } from '../report.ts';

const options = readOptions(import.meta.url, {
  rate: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '30' },
  patients: { type: 'string', default: '500' },
});
const rate = Number(options.rate);
const seconds = Number(options.seconds);
const patients = Number(options.patients);
const here = new URL('./', import.meta.url).pathname;

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';

const TODAY = new Date().toISOString();

const observation = (loinc: string, value: number, unit: string) => ({
  resourceType: 'Observation',
  id: `o-${loinc}`,
  status: 'final',
  code: { coding: [{ system: LOINC, code: loinc }] },
  valueQuantity: { value, unit, system: UCUM, code: unit },
  effectiveDateTime: TODAY,
});

const bundle = (...resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});

const KINDS = ['stored', 'same', 'stored', 'new'] as const;
const kindOf = (index: number): (typeof KINDS)[number] => KINDS[index % KINDS.length] ?? 'stored';

function prefetchFor(patientId: string, value: number) {
  return {
    patient: {
      resourceType: 'Patient',
      id: patientId,
      gender: value % 2 === 0 ? 'male' : 'female',
      birthDate: '1965-03-01',
    },
    labs: bundle(observation('2093-3', 4 + (value % 300) / 100, 'mmol/L'), observation('2085-9', 1.2, 'mmol/L')),
    vitals: bundle(observation('8480-6', 110 + (value % 70), 'mm[Hg]')),
    social: null,
    conditions: null,
  };
}

function question(index: number): string {
  const kind = kindOf(index);
  const patient = index % patients;
  const patientId = `BN${patient}`;
  const prefetch = kind === 'stored' ? undefined : prefetchFor(patientId, kind === 'same' ? patient : index);
  return JSON.stringify({
    hook: 'patient-view',
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/bs01', patientId },
    ...(prefetch === undefined ? {} : { prefetch }),
  });
}

interface Answered {
  readonly ms: number;
  readonly status: number;
  readonly computing: boolean;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Timed from when it should have left: a stalled service cannot hide behind a client that waits politely. */
async function ask(url: URL, body: string, due: number): Promise<Answered> {
  const sent = request(new URL('/cds-services/patient-alerts', url), {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'accept-language': 'en', 'content-length': Buffer.byteLength(body) },
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return { ms: performance.now() - due, status: response.statusCode, computing: text.includes('Still computing') };
}

const server = spawn(process.execPath, [`${here}server.ts`, String(patients)], {
  stdio: ['ignore', 'pipe', 'inherit'],
  cwd: root,
});
const lines = createInterface({ input: server.stdout });
const [line] = await once(lines, 'line');
const url = new URL(String(line));

// Sessions are opened, code is compiled, and every patient's values are known after the first questions.
const WARM_UP = Math.max(2 * rate, 2 * patients);
for (let index = 0; index < WARM_UP; index += 1) await ask(url, question(index), performance.now());

const loadBefore = loadavg()[0] ?? 0;
const started = performance.now();
const answers: Promise<Answered>[] = [];
for (let index = 0; index < rate * seconds; index += 1) {
  const due = started + (index * 1000) / rate;
  const wait = due - performance.now();
  if (wait > 1) await sleep(wait);
  answers.push(ask(url, question(index + WARM_UP), due));
}
const sentSeconds = (performance.now() - started) / 1000;
const all = await Promise.all(answers);
const answeredSeconds = (performance.now() - started) / 1000;
const exited = once(server, 'exit');
const told = once(lines, 'line');
server.kill('SIGTERM');
const { cpuSeconds }: { cpuSeconds: number } = JSON.parse(String((await told)[0]));
await exited;
agent.destroy();

const figures = (of: readonly Answered[]) => {
  const times = of.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    requests: of.length,
    p50Ms: round(quantile(times, 0.5)),
    p95Ms: round(quantile(times, 0.95)),
    p99Ms: round(quantile(times, 0.99)),
    maxMs: round(times.at(-1) ?? Number.NaN),
    stillComputing: of.filter(({ computing }) => computing).length,
    failed: of.filter(({ status }) => status !== 200).length,
  };
};
const report = {
  benchmark: 'cds-hooks',
  commit,
  at: new Date().toISOString(),
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    loadBefore: round(loadBefore),
    loadAfter: round(loadavg()[0] ?? 0),
    node: process.version,
  },
  rate,
  seconds,
  patients,
  /** What really left per second, and what was answered per second: where they differ, the queue grew. */
  offeredPerSecond: round(all.length / sentSeconds),
  servedPerSecond: round(all.filter(({ status }) => status === 200).length / answeredSeconds),
  /** Of the service's whole process, warm-up included: what a machine that does nothing else would need. */
  cpuMsPerRequest: round((1000 * cpuSeconds) / (all.length + WARM_UP)),
  all: figures(all),
  stored: figures(all.filter((_, index) => kindOf(index + WARM_UP) === 'stored')),
  same: figures(all.filter((_, index) => kindOf(index + WARM_UP) === 'same')),
  new: figures(all.filter((_, index) => kindOf(index + WARM_UP) === 'new')),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
keepResult('cds-hooks', report, { measuredAt: report.at, suffix: `-${report.machine.cores}cpu` });
if (report.all.p99Ms > 100) process.stderr.write('the 99th percentile is above 100 ms\n');
