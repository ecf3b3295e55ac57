// `haidang risk check VECTORS.csv --equation ID`: vectors of other implementations → how many agree (contracts: one JSON object).
import type { Command } from 'commander';
import { CareError } from '#kernel/errors.ts';
import { checkVectors, type Ask, type CheckReport } from '#risk/check/check.ts';
import { riskErrors } from '#risk/errors.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import type { TableRow } from '#risk/table/csv.ts';
import { z } from 'zod';
import { resolveUserPath } from '#cli/paths.ts';
import { asMisuse, equationNamed, openRisk } from '#cli/tables/risk-room.ts';
import { openTable } from '#cli/tables/table.ts';

interface Options {
  readonly equation: string;
  readonly json?: boolean;
  readonly server?: string;
  readonly token?: string;
}

const askRoom =
  (room: RiskRoom): Ask =>
  async (equationId, inputs) => {
    const question = {
      equations: [equationId],
      inputs,
      measurements: [],
      whatIf: [],
      explain: false,
      asOf: new Date(),
    };
    const { results } = await room.assessPatient(question);
    const [result] = results;
    if (result === undefined) throw riskErrors.error('unknown-equation', { field: 'equation' });
    return result;
  };

const reason = z.object({ code: z.string() });
const answerSchema = z.object({
  results: z.tuple([
    z.object({
      outcome: z.enum(['assessed', 'not-assessed', 'failed']),
      reasons: z.array(reason),
      outputs: z.array(
        z.object({
          name: z.string(),
          value: z.number().nullable(),
          label: z.string().nullable(),
          reasons: z.array(reason),
        }),
      ),
    }),
  ]),
});
const problemSchema = z.object({ code: z.string(), reason: z.string() });

const askServer =
  (server: string, token: string | undefined): Ask =>
  async (equationId, inputs) => {
    const response = await fetch(new URL('/v1/risk/assess', server), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ equations: [equationId], inputs, explain: false }),
    }).catch((cause: unknown) => {
      throw new Error(`no service answers at ${server}`, { cause });
    });
    const body: unknown = await response.json();
    if (response.ok) return answerSchema.parse(body).results[0];
    const { code, reason: text } = problemSchema.parse(body);
    throw new CareError(code, { status: response.status, text: { vi: text, en: text } });
  };

function inWords(report: CheckReport): string {
  const { equation, rows, passed, failed, refused, largestError } = report;
  const head = `${equation}: ${passed} of ${rows} rows agree, ${failed} do not, ${refused} refused; largest difference ${largestError}`;
  const failures = report.failures.map(
    ({ row, expected, got, tolerance, code }) =>
      `  row ${row}: expected ${expected} ± ${tolerance}, got ${got ?? 'nothing'}${code === null ? '' : ` (${code})`}`,
  );
  return [head, ...failures].join('\n');
}

export function addRiskCheckCommand(risk: Command): void {
  risk
    .command('check')
    .description('compare an equation with vectors of other implementations')
    .argument('<vectors>', 'CSV with input columns and expected, tolerance, output')
    .requiredOption('--equation <id>', 'the equation, for example score2')
    .option('--json', 'one JSON object')
    .option('--server <url>', 'ask a running service instead of the code here')
    .option('--token <token>', 'who asks, where the service wants to know: see `haidang token`')
    .action(asMisuse(check));
}

async function check(file: string, options: Options): Promise<void> {
  const opened = await openRisk();
  try {
    const { equation } = equationNamed(opened.room, options.equation);
    const table = await openTable(resolveUserPath(file));
    async function* rows(): AsyncGenerator<TableRow> {
      for await (const { row } of table.rows()) yield row;
    }
    const ask = options.server === undefined ? askRoom(opened.room) : askServer(options.server, options.token);
    const report = await checkVectors(equation, rows(), ask);
    process.stdout.write(`${options.json === true ? JSON.stringify(report) : inWords(report)}\n`);
    if (report.failed + report.refused > 0) process.exitCode = 1;
  } finally {
    await opened.close();
  }
}
