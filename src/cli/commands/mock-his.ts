// `haidang mock-his`: a HIS with one invented patient, which asks a running service at its doors and prints what a physician would see.
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { systemClock } from '#kernel/clock.ts';
import {
  curlOf,
  FIRST_CHART,
  MOCK_DOORS,
  type MockChart,
  type MockDoor,
  mockRequest,
  seenCards,
} from '#web/mock-chart.ts';
import { resolveUserPath } from '#cli/paths.ts';

interface Options {
  readonly server: string;
  readonly door?: MockDoor;
  readonly chart?: string;
  readonly token?: string;
  readonly lang: 'vi' | 'en';
  readonly curl?: boolean;
  readonly json?: boolean;
}

/** A chart file says what differs from the first chart. */
const chartFile = z.strictObject({
  code: z.string().min(1).optional(),
  name: z.string().optional(),
  sex: z.enum(['male', 'female']).optional(),
  birthDate: z.iso.date().optional(),
  values: z.record(z.string(), z.string()).optional(),
  smokes: z.boolean().optional(),
  diagnoses: z.string().optional(),
  drug: z.string().optional(),
});

async function chartOf(file: string | undefined): Promise<MockChart> {
  if (file === undefined) return FIRST_CHART;
  const given = chartFile.parse(JSON.parse(await readFile(resolveUserPath(file), 'utf8')));
  const { code, name, sex, birthDate, values = {}, smokes, diagnoses, drug } = given;
  return {
    code: code ?? FIRST_CHART.code,
    name: name ?? FIRST_CHART.name,
    sex: sex ?? FIRST_CHART.sex,
    birthDate: birthDate ?? FIRST_CHART.birthDate,
    values: { ...FIRST_CHART.values, ...values },
    smokes: smokes ?? FIRST_CHART.smokes,
    diagnoses: diagnoses ?? FIRST_CHART.diagnoses,
    drug: drug ?? FIRST_CHART.drug,
  };
}

async function askOne(
  chart: MockChart,
  door: MockDoor,
  { server, lang, token, curl, json }: Options,
): Promise<boolean> {
  const request = mockRequest(chart, door, systemClock.now().toISOString());
  const address = server.endsWith('/') ? server.slice(0, -1) : server;
  if (curl === true) {
    process.stdout.write(`${curlOf(request, address)}\n`);
    return true;
  }
  const response = await fetch(`${address}${request.path}`, {
    method: 'POST',
    headers: {
      'content-type': door === 'assess' ? 'application/fhir+json' : 'application/json',
      'accept-language': lang,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(request.body),
  });
  const answer: unknown = await response.json().catch(() => null);
  const cards = seenCards(door, answer);
  if (json === true)
    process.stdout.write(`${JSON.stringify({ door, status: response.status, request, answer, cards })}\n`);
  else
    process.stdout.write(
      [
        `${door}: ${response.status}`,
        ...cards.map(
          ({ severity, title, detail }) =>
            `  [${severity}] ${title}${detail === '' ? '' : `\n    ${detail.replaceAll('\n', '\n    ')}`}`,
        ),
        '',
      ].join('\n'),
    );
  return response.ok;
}

export function addMockHisCommand(program: Command): void {
  program
    .command('mock-his')
    .description('a mock HIS with an invented patient: asks CDS Hooks, $assess and CheckDrug of a running service')
    .option('--server <url>', 'the service', 'http://127.0.0.1:8080')
    .addOption(new Option('--door <door>', 'only this door').choices([...MOCK_DOORS]))
    .option('--chart <file>', 'JSON with what differs from the built-in chart')
    .option('--token <token>', 'bearer token, as `haidang token --role his` prints it')
    .addOption(new Option('--lang <language>', 'language of the answers').choices(['vi', 'en']).default('vi'))
    .option('--curl', 'print the requests as curl commands and send nothing')
    .option('--json', 'one line per door: request, answer, cards')
    .action(async (options: Options) => {
      const chart = await chartOf(options.chart);
      for (const door of options.door === undefined ? MOCK_DOORS : [options.door])
        if (!(await askOne(chart, door, options))) process.exitCode = 1;
    });
}
