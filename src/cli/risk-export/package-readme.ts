// The README of the Python package: how it is run, and every equation's columns with their units.
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { rangeText } from '#risk/assess/words.ts';

function valuesOf(input: Input): string {
  if (input.kind === 'boolean') return 'true or false, 1 or 0';
  if (input.kind === 'coded') return input.levels.map(({ code, title }) => `\`${code}\` ${title.en}`).join(', ');
  return `${rangeText(input.range, input.unit).en}${input.whole === true ? ', whole numbers' : ''}`;
}

function section({ data }: Equation): string {
  const inputs = data.inputs.map((input) => `| \`${input.name}\` | ${input.title.en} | ${valuesOf(input)} |`);
  const outputs = data.outputs.map(
    ({ name, title, unit, labels }) => `| \`${name}\` | ${title.en} | ${labels?.join(', ') ?? `\`${unit}\``} |`,
  );
  return [
    `## ${data.id}: ${data.title.en}`,
    '',
    `${data.population.text.en}. ${data.citation.text}`,
    '',
    '| column | what | values, UCUM unit |',
    '|---|---|---|',
    ...inputs,
    '',
    '| answer | what | unit or words |',
    '|---|---|---|',
    ...outputs,
    '',
  ].join('\n');
}

export const packageReadme = (equations: readonly Equation[]): string =>
  [
    '# haidang_risk',
    '',
    'Published risk equations as ONNX graphs, for Apache Spark, DuckDB and pandas. Written by `haidang risk export`; not a registered medical device.',
    '',
    '```sh',
    'pip install pandas pyarrow onnxruntime pyspark        # or duckdb instead of pyspark',
    'python -m haidang_risk.spark --master "local[*]" --equation ID --input persons.parquet --output scores.parquet',
    'zip -r haidang_risk.zip haidang_risk && spark-submit --py-files haidang_risk.zip haidang_risk/spark.py --equation ID --input … --output …',
    'python -m haidang_risk.duck --equation ID --input persons.parquet --output scores.parquet',
    '```',
    '',
    'Input: one row per person, a column `id`, and columns named as below, in these units; an empty cell is absent. Nothing is converted, clamped or',
    'guessed. Answer: `id`, `outcome` (`assessed`, `not-assessed`, `rejected`), the outputs, `category`, and `reasons` (`code:field`, several with `;`),',
    'as `haidang risk cohort` gives them.',
    '',
    ...equations.map(section),
  ].join('\n');
