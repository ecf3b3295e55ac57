// Reads one person's outputs from the columns of the run and words them.
import { categoryTensor, outputTensor } from '#risk/compile/compile.ts';
import { excludesOf } from '#risk/equation/exclusions.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Output } from '#risk/equation/schema.ts';
import type { Columns } from '#risk/input/sample.ts';
import type { BatchPart, Numbers } from './batch.ts';
import type { IntervalAnswer } from './interval.ts';
import type { CategoryShown, FieldReason, OutputShown } from './result.ts';
import { compose, intervalText, outputText } from './words.ts';

/** By tensor name. */
export type RowValues = Readonly<Record<string, number>>;

/** The person as they are, in one row. */
export const personPart: BatchPart<RowValues> = {
  rows: 1,
  fill: () => undefined,
  read: (results: Columns, from: number) =>
    Object.fromEntries(Object.entries(results).map(([name, column]) => [name, column[from] ?? Number.NaN])),
};

export function categoryShown(output: Output, place: number): CategoryShown | null {
  const category = output.categories?.[place];
  return category === undefined ? null : { code: category.code, level: category.level, title: category.title };
}

const missingFor = (equation: Equation, output: Output, own: Numbers) =>
  equation.data.inputs.filter(
    ({ name }) => equation.needs.get(output.name)?.includes(name) && Number.isNaN(own[name] ?? Number.NaN),
  );

/** The first headline that lacks nothing, else the one that lacks least. */
export function chooseHeadline(
  equation: Equation,
  own: Numbers,
): { output: Output; missing: readonly string[] } | undefined {
  const headlines = equation.data.outputs
    .filter(({ role }) => role === 'headline')
    .map((output) => ({ output, missing: missingFor(equation, output, own).map(({ name }) => name) }));
  return headlines.sort((a, b) => a.missing.length - b.missing.length)[0];
}

export function valueShown(equation: Equation, output: Output, row: RowValues, own: Numbers): OutputShown {
  const value = row[outputTensor(output.name)] ?? Number.NaN;
  const known = Number.isFinite(value);
  const category = known ? categoryShown(output, row[categoryTensor(output.name)] ?? -1) : null;
  return {
    name: output.name,
    title: output.title,
    unit: output.unit,
    horizonYears: output.horizonYears ?? null,
    value: known && output.labels === undefined ? value : null,
    interval: null,
    label: known ? (output.labels?.[value] ?? null) : null,
    categories: category === null ? [] : [category],
    reasons: known ? [] : reasonsFor(equation, output, own),
    text: known ? outputText(output, value) : compose('risk.unknown', {}),
  };
}

function reasonsFor(equation: Equation, output: Output, own: Numbers): FieldReason[] {
  const missing = missingFor(equation, output, own).map(({ name, title }): FieldReason => ({
    code: 'risk.needs-input',
    field: name,
    text: compose('risk.reason.needs-input', { title }),
  }));
  const excluded = excludesOf(equation, output, own).map((text): FieldReason => ({
    code: 'risk.excluded',
    field: output.name,
    text,
  }));
  const found = [...missing, ...excluded];
  if (found.length > 0) return found;
  return [{ code: 'risk.nothing-computed', field: output.name, text: compose('risk.reason.nothing-computed', {}) }];
}

export function intervalShown(output: Output, answer: IntervalAnswer): OutputShown {
  const { lower, upper } = answer;
  const categories = answer.categories.flatMap((place) => categoryShown(output, place) ?? []);
  return {
    name: output.name,
    title: output.title,
    unit: output.unit,
    horizonYears: output.horizonYears ?? null,
    value: null,
    interval: { lower, upper },
    label: null,
    categories,
    reasons: [],
    text: intervalText(output.unit, lower, upper),
  };
}
