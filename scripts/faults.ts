// `npm run faults`: the service is killed at every step of its walks, hung, given a wrong clock, a full disk and a disk that is read-only; its
// receiver answers 500 or never, senders break off and send twice. After each: no acknowledged study lost, no reading or alert doubled, the
// audit chain whole. Prints a table; `--json` the same as one object. The seed repeats a campaign.
//   npm run --silent faults -- [--short] [--kills 500] [--seed N] [--database postgresql://…] [--fuzz 100000] [--json]
import { parseArgs } from 'node:util';
import { runCampaign } from '../test/faults/campaign.ts';
import { type Row, runDiskRows } from '../test/faults/disk.ts';
import { runSuite } from '../test/faults/suite.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    kills: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    database: { type: 'string' },
    fuzz: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const { short } = values;
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const kills = Number(values.kills ?? (short ? 20 : 500));
const minutes = Number(values.minutes ?? (short ? 1 : 24 * 60));
const fuzz = Number(values.fuzz ?? (short ? 0 : 100_000));
if (![seed, kills, minutes, fuzz].every(Number.isFinite))
  throw new Error('--seed, --kills, --minutes and --fuzz are numbers');

const log = (line: string): void => void process.stderr.write(`${line}\n`);
log(`seed ${seed}`);

/** Files of tests that each are one kind of fault. */
const SUITES: readonly [string, readonly string[]][] = [
  ['damaged model', ['test/faults/damaged-model.test.ts']],
  ['killed child', ['test/flows/kill.test.ts']],
  ['HIS down', ['test/flows/his-down.test.ts']],
  ['sent twice, in any order', ['test/flows/once.test.ts']],
];
const FUZZED = [
  'test/interop/cds-hooks/request.test.ts',
  'test/interop/fhir/fuzz.test.ts',
  'test/interop/hl7v2/fuzz.test.ts',
  'test/interop/xml130/import.test.ts',
  'test/interop/hispro/routes.test.ts',
  'test/interop/dimse/serve.test.ts',
  'test/interop/dicomweb/stow-fuzz.test.ts',
];

const rows: Row[] = [];
const database = values.database === undefined ? {} : { databaseUrl: values.database };
const campaign = await runCampaign({
  seed,
  kills,
  others: short ? 2 : Math.ceil(kills / 25),
  budgetMs: minutes * 60_000,
  progress: log,
  ...database,
});
rows.push({
  what: `${campaign.killed} kills at ${campaign.points.length} points, ${campaign.hung} hung, ${campaign.clocksSet} clocks set`,
  did: `${campaign.acknowledged} studies acknowledged, ${campaign.proven} proven, ${campaign.delivered} of ${campaign.alerts} alerts told`,
  seconds: campaign.seconds,
  faults: campaign.faults,
});
rows.push(...(await runDiskRows(log)));
if (!short) for (const [what, files] of SUITES) rows.push(await runSuite(what, files));
if (fuzz > 0) rows.push(await runSuite(`${fuzz} inputs for each parser`, FUZZED, { HAIDANG_FUZZ_RUNS: String(fuzz) }));

if (values.json) process.stdout.write(`${JSON.stringify({ seed, campaign, rows })}\n`);
else {
  process.stdout.write(`| fault | what was done | seconds | holds |\n|---|---|---|---|\n`);
  for (const { what, did, seconds, faults } of rows)
    process.stdout.write(`| ${what} | ${did} | ${seconds} | ${faults.length === 0 ? 'yes' : faults.join('; ')} |\n`);
  process.stdout.write(`\nRepeat with --seed ${seed}.\n`);
}
if (rows.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
