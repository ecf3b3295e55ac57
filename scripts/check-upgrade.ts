// `node scripts/check-upgrade.ts FOLDER`: FOLDER holds an older version of this project, installed. Its demo fills a data folder; then this version opens it.
// Every reading and alert that the older one told must be told again with the same values, the audit chain and the files must be whole, and the
// older version must refuse the folder afterwards. Prints what was compared; exit status 1 where anything differs.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const [older = ''] = process.argv.slice(2).map((folder) => resolve(folder));
const newer = resolve(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'haidang-upgrade-'));
const dataDir = join(work, 'data');
const common = { ...process.env, HAIDANG_DATA_DIR: dataDir, HAIDANG_PORT: '0', HAIDANG_LOG_LEVEL: 'error' };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function served<Result>(
  folder: string,
  extra: Readonly<Record<string, string>>,
  asked: (address: string) => Promise<Result>,
): Promise<Result> {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: { ...common, ...extra },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const address = await Promise.race([
    (async () => {
      for await (const line of lines) {
        const found = /http:\/\/\S+/.exec(line)?.[0];
        if (found !== undefined) return found;
      }
      throw new Error(`${folder} ended before it was ready`);
    })(),
    gone.then(() => {
      throw new Error(`${folder} ended before it was ready`);
    }),
  ]);
  try {
    return await asked(address);
  } finally {
    // npm and what it started.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await gone;
  }
}

const row = z.looseObject({ id: z.string() });

async function get<Answer>(address: string, path: string, schema: z.ZodType<Answer>): Promise<Answer> {
  const answer = await fetch(`${address}${path}`);
  if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
  return schema.parse(await answer.json());
}

interface Facts {
  readonly studies: readonly string[];
  /** By id. */
  readonly readings: Readonly<Record<string, Record<string, unknown>>>;
  readonly alerts: Readonly<Record<string, Record<string, unknown>>>;
}

const byId = (rows: readonly z.infer<typeof row>[]) => Object.fromEntries(rows.map((each) => [each.id, each]));

async function factsOf(address: string, known?: readonly string[]): Promise<Facts> {
  const listed = z.looseObject({ items: z.array(z.looseObject({ studyUid: z.string() })) });
  const { items } = await get(address, '/v1/worklist?state=all&limit=200', listed);
  const studies = known ?? items.map(({ studyUid }) => studyUid);
  const readings = [];
  for (const uid of studies) readings.push(...(await get(address, `/v1/studies/${uid}/readings`, z.array(row))));
  const alerts = [];
  for (const uid of studies)
    alerts.push(...(await get(address, `/v1/alerts?studyUid=${uid}&include=superseded`, z.array(row))));
  return { studies, readings: byId(readings), alerts: byId(alerts) };
}

/** What a record said; what later versions say besides is no fault. A title may be put in better words. */
const READING = ['id', 'studyUid', 'outcome', 'priority', 'readAt', 'provenance', 'revision'] as const;
const ALERT = ['id', 'severity', 'status', 'createdAt', 'sourceId'] as const;
const FINDING = ['code', 'probability', 'decision'] as const;

const pick = (record: Record<string, unknown> | undefined, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => record?.[name]));

function differences(before: Facts, after: Facts): string[] {
  const found: string[] = [];
  for (const [id, was] of Object.entries(before.readings)) {
    const is = after.readings[id];
    if (pick(was, READING) !== pick(is, READING))
      found.push(`reading ${id}: ${pick(was, READING)} became ${pick(is, READING)}`);
    const findings = (record: Record<string, unknown> | undefined) =>
      ((record?.['findings'] ?? []) as Record<string, unknown>[]).map((finding) => pick(finding, FINDING)).toSorted();
    if (String(findings(was)) !== String(findings(is))) found.push(`findings of reading ${id} changed`);
  }
  for (const [id, was] of Object.entries(before.alerts))
    if (pick(was, ALERT) !== pick(after.alerts[id], ALERT))
      found.push(`alert ${id}: ${pick(was, ALERT)} became ${pick(after.alerts[id], ALERT)}`);
  return found;
}

function commandOf(folder: string, ...args: readonly string[]) {
  return spawnSync('npm', ['run', '--silent', 'haidang', '--', ...args], {
    cwd: folder,
    env: { ...common, HAIDANG_ACCESS: 'open' },
    encoding: 'utf8',
  });
}

try {
  say('the older version fills a data folder');
  const demo = spawnSync('npm', ['run', '--silent', 'demo'], { cwd: older, env: common, encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`the demo ended with ${demo.status}: ${demo.stderr}`);
  const before = await served(older, {}, (address) => factsOf(address));
  say('this version opens it');
  const faults: string[] = [];
  const after = await served(newer, { HAIDANG_ACCESS: 'open' }, async (address) => {
    const { intact } = await get(address, '/v1/audit/verify', z.looseObject({ intact: z.boolean() }));
    if (!intact) faults.push('the audit chain is broken');
    return factsOf(address, before.studies);
  });
  faults.push(...differences(before, after));
  for (const command of [['verify'], ['audit', 'verify']]) {
    const { status, stdout } = commandOf(newer, ...command);
    if (status !== 0) faults.push(`haidang ${command.join(' ')} ended with ${status}: ${stdout}`);
  }
  say('the older version is started again');
  const back = spawnSync('npm', ['start', '--silent'], { cwd: older, env: common, encoding: 'utf8', timeout: 120_000 });
  const refused = back.status === 1 && back.stderr.includes('store.migration-changed');
  if (!refused) faults.push(`the older version ended with ${back.status}: ${back.stderr.slice(0, 300)}`);
  if (back.stderr.includes('    at ')) faults.push('the older version printed a stack');
  for (const fault of faults) say(fault);
  process.stdout.write(
    `${JSON.stringify({
      studies: before.studies.length,
      readings: Object.keys(before.readings).length,
      alerts: Object.keys(before.alerts).length,
      goingBack: refused ? 'refused' : 'not refused',
      faults: faults.length,
    })}\n`,
  );
  if (faults.length > 0 || Object.keys(before.readings).length === 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
