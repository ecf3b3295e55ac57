// `haidang risk assess FILE`: a question as JSON, or a table with one person per row → the results, in words or as JSON lines.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Language } from '#kernel/errors.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { PatientAssessment, PatientQuestion, RiskRoom } from '#risk/assess/assess-patient.ts';
import { riskErrors } from '#risk/errors.ts';
import { readNumber } from '#terminology/number.ts';
import { questionOf } from '#risk/person/question.ts';
import { assessBody } from '#risk/schema.ts';
import type { TableRow } from '#risk/table/csv.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { startProgress } from '#cli/tables/progress.ts';
import { asMisuse, openRisk } from '#cli/tables/risk-room.ts';
import { openTable } from '#cli/tables/table.ts';

interface Options {
  readonly equation: readonly string[];
  readonly json?: boolean;
  readonly language: string;
}

/** `sbp (mmHg)`: the quantity and its unit; without a unit a yes/no or a code. */
const HEADING = /^(?<code>[^()]+)(?:\((?<unit>[^()]+)\))?$/;
const PERSON = ['patient', 'sex', 'birth_date', 'age', 'time'];

function measurementsOf(row: TableRow): Measurement[] {
  const { time } = row;
  return Object.entries(row).flatMap(([heading, text]): Measurement[] => {
    const { code: written, unit } = HEADING.exec(heading)?.groups ?? {};
    const code = written?.trimEnd();
    if (code === undefined || code === '' || PERSON.includes(code) || text === '') return [];
    return [{ code, value: text, ...(unit === undefined ? {} : { unit }), ...(time ? { time } : {}) }];
  });
}

function sexOf(text: string | undefined): 'male' | 'female' | undefined {
  const word = text?.trim().toLowerCase();
  if (word === undefined || word === '') return undefined;
  if (['male', 'm', 'nam', '1'].includes(word)) return 'male';
  if (['female', 'f', 'nữ', 'nu', '2'].includes(word)) return 'female';
  throw riskErrors.error('bad-table', { field: 'sex', reason: 'sex is male or female' });
}

function personOf(row: TableRow, equations: readonly string[]): PatientQuestion {
  const { patient, birth_date: birthDate, age } = row;
  const sex = sexOf(row['sex']);
  const years = age === undefined || age === '' ? undefined : readNumber(age);
  if (age && years?.comparator !== undefined) throw riskErrors.error('bad-table', { field: 'age' });
  return {
    ...(patient ? { patientCode: patient } : {}),
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate ? { birthDate } : {}),
    ...(years === undefined ? {} : { ageYears: years.value }),
    measurements: measurementsOf(row),
    ...(equations.length === 0 ? {} : { equations }),
    explain: true,
    whatIf: [],
    asOf: new Date(),
  };
}

const languageOf = (text: string): Language => (text === 'en' ? 'en' : 'vi');

function inWords({ results, rejected }: PatientAssessment, language: Language): string {
  const assessed = results.filter(({ outcome }) => outcome === 'assessed');
  const others = results.filter(({ outcome }) => outcome !== 'assessed');
  return [
    ...assessed.flatMap(({ title, words, limits, licenceDuty }) => [
      title[language],
      ...words.map((sentence) => `  ${sentence[language]}`),
      ...limits.map((sentence) => `  (${sentence[language]})`),
      ...(licenceDuty === null ? [] : [`  ${licenceDuty[language]}`]),
      '',
    ]),
    ...others.map(({ title, reasons }) => `${title[language]}: ${reasons.map(({ text }) => text[language]).join(' ')}`),
    ...rejected.map(({ field, code, reason }) => `${field} (${code}): ${reason.text[language]}`),
  ].join('\n');
}

async function assessJson(path: string, room: RiskRoom, { equation, json, language }: Options): Promise<void> {
  const parsed = assessBody.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw riskErrors.error('bad-input', {
      field: issue?.path.join('.') ?? '',
      reason: issue?.message ?? 'does not fit',
    });
  }
  const question = questionOf(parsed.data, new Date());
  const answer = await room.assessPatient(equation.length === 0 ? question : { ...question, equations: equation });
  const text = json === true ? JSON.stringify(answer) : inWords(answer, languageOf(language));
  process.stdout.write(`${text}\n`);
  if (answer.rejected.length > 0) process.exitCode = 1;
}

async function assessTable(path: string, room: RiskRoom, { equation, json, language }: Options): Promise<void> {
  const table = await openTable(path);
  const progress = startProgress(table.size);
  let number = 0;
  for await (const { row, done } of table.rows()) {
    number += 1;
    progress.update(done, number);
    const answer = await room.assessPatient(personOf(row, equation));
    const patient = row['patient'] ?? String(number);
    if (json === true) process.stdout.write(`${JSON.stringify({ patient, ...answer })}\n`);
    else process.stdout.write(`== ${patient}\n${inWords(answer, languageOf(language))}\n\n`);
    if (answer.rejected.length > 0) process.exitCode = 1;
  }
  progress.stop();
}

export function addRiskAssessCommand(risk: Command): void {
  risk
    .command('assess')
    .description('persons with measurements: every equation that applies, or those that are named')
    .argument('<file>', 'JSON as POST /v1/risk/assess takes it, or CSV or Parquet with columns like "sbp (mmHg)"')
    .option('--equation <id...>', 'only these equations', [])
    .option('--json', 'JSON lines')
    .option('--language <language>', 'vi or en', 'vi')
    .action(
      asMisuse(async (file: string, options: Options) => {
        const opened = await openRisk();
        try {
          const path = resolveUserPath(file);
          await (path.endsWith('.json') ? assessJson : assessTable)(path, opened.room, options);
        } finally {
          await opened.close();
        }
      }),
    );
}
