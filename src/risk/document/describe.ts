// Describes an equation in one language as Markdown: what a clinician and a researcher must know before they use it.
import type { Language, Sentence } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { referenceOf } from '#risk/assess/players.ts';
import { rangeText, valueText } from '#risk/assess/words.ts';
import { QUANTITIES } from '#risk/measure/codes.ts';
import { conceptOf } from '#risk/measure/registry.ts';

type Words = (key: string) => string;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')).replaceAll('\\', ''),
  ...rows.map(row),
];

/** Codes of one input, the coded ones first named by their system. */
function codesOf(input: Input): string {
  const loinc = QUANTITIES.find(({ concept }) => concept === conceptOf(input))?.loinc ?? [];
  return [...loinc.map((code) => `LOINC ${code}`), ...(input.codes ?? []).map(({ code }) => code)].join(', ');
}

function valuesOf(input: Input, language: Language, words: Words): string {
  if (input.kind === 'boolean') return `${say(language, 'risk.yes')}, ${say(language, 'risk.no')}`;
  if (input.kind === 'coded') {
    return input.levels.map(({ code, title }) => `\`${code}\` ${title[language]}`).join('; ');
  }
  const range = `${rangeText(input.range, input.unit)[language]} (${words(input.range.source)})`;
  const special = (input.special ?? []).map(({ value, title }) => `\`${value}\` ${title[language]}`);
  return [range, ...special].join('; ');
}

function notesOf(input: Input, words: Words): string {
  return [
    ...(input.core ? [words('needed')] : []),
    ...(input.mayBeAbsent ? [words('may-be-absent')] : []),
    ...(input.modifiable === undefined ? [] : [words('changeable')]),
  ].join(', ');
}

function inputTable({ data }: Equation, language: Language, words: Words): string[] {
  const head = ['input', 'name', 'range', 'reference', 'codes'].map((name) => words(`column.${name}`));
  const rows = data.inputs.map((input) => {
    const reference = referenceOf(input);
    const notes = notesOf(input, words);
    return [
      `${input.title[language]}${notes === '' ? '' : ` (${notes})`}`,
      `\`${input.name}\``,
      valuesOf(input, language, words),
      reference === undefined ? words('own') : valueText(input, reference)[language],
      codesOf(input),
    ];
  });
  return table(head, rows);
}

function computation({ data }: Equation): string[] {
  const values = data.steps.flatMap((step) => {
    if (step.kind === 'value') return [`${step.name} = ${step.is.text}`];
    if (step.kind === 'points') {
      const items = step.items.map(({ name, of, points }) => {
        const each = Object.entries(points).map(([label, number]) => `${label}: ${number}`);
        return `${name} = ${of} { ${each.join(', ')} }`;
      });
      return [...items, `${step.name} = ${step.items.map(({ name }) => name).join(' + ')}`];
    }
    const terms = step.terms.map(({ of }) => `β·(${of.text})`).join(' + ');
    const by = step.by === undefined ? '' : `   # β: ${step.by.join(', ')}`;
    return [`${step.name} = ${step.intercept === undefined ? '' : 'α + '}${terms}${by}`];
  });
  const bands = Object.entries(data.bands ?? {}).map(
    ([name, { of, cuts, labels }]) => `${name} = ${of.text} { ${labels.join(' | ')} }   # ${cuts.join(', ')}`,
  );
  const outputs = data.outputs.map(({ name, is }) => `${name} = ${is.text}`);
  return ['```text', ...bands, ...values, ...outputs, '```'];
}

const bullets = (texts: readonly string[]): string[] => texts.map((text) => `- ${text}`);

/** `level` is that of the heading of the whole. */
export function describe(equation: Equation, language: Language, level: 1 | 2): string[] {
  const { data } = equation;
  const words: Words = (key) => say(language, `risk.document.${key}`);
  const text = (sentence: Sentence): string => sentence[language];
  const heading = (title: string): string[] => ['', `${'#'.repeat(level + 1)} ${title}`, ''];
  const { premises } = data.population;
  const categories = data.outputs.flatMap((output) =>
    (output.categories ?? []).map((category) => ({ output, category })),
  );
  const { doi, pmid, pmc } = data.citation;
  const identifiers = [
    ...(doi === undefined ? [] : [`doi:${doi}`]),
    ...(pmid === undefined ? [] : [`PMID ${pmid}`]),
    ...(pmc === undefined ? [] : [pmc]),
  ];
  return [
    `${'#'.repeat(level)} ${text(data.title)}`,
    '',
    `\`${data.id}\``,
    '',
    `- ${words('answers')}: ${text(data.outcome)}`,
    `- ${words('horizon')}: ${text(data.horizon)}`,
    `- ${words('population')}: ${text(data.population.text)}`,
    `- ${words('viet-nam')}: **${words(`fit.${data.vietNam.fit}`)}**. ${text(data.vietNam.text)}`,
    ...premises.map(
      (premise) =>
        `- ${words('premises')}: ${text(premise.text)} (${words(premise.mustBeStated ? 'premise-required' : 'premise-assumed')})`,
    ),
    ...(data.exclusions ?? []).map((exclusion) => `- ${text(exclusion.text)}`),
    ...heading(words('inputs')),
    ...inputTable(equation, language, words),
    ...heading(words('outputs')),
    ...bullets(data.outputs.map((output) => `\`${output.name}\` (${output.unit}): ${text(output.title)}`)),
    ...(categories.length === 0
      ? []
      : [
          ...heading(words('categories')),
          ...bullets(categories.map(({ category }) => `\`${category.when.text}\`: ${text(category.title)}`)),
        ]),
    ...heading(words('computed')),
    ...computation(equation),
    '',
    words('coefficients'),
    ...(data.limits.length === 0 ? [] : [...heading(words('limits')), ...bullets(data.limits.map(text))]),
    ...heading(words('evidence')),
    `${words(`checked.${data.evidence.crossChecked}`)}. ${data.evidence.note}.`,
    ...heading(words('citation')),
    [data.citation.text, ...identifiers].join(', '),
    '',
    `${words('licence')}: ${data.licence.origin}.`,
    ...(data.licence.duty === undefined ? [] : ['', `**${words('duty')}:** ${text(data.licence.duty)}`]),
  ];
}
