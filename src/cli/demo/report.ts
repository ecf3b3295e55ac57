// Prints the report of the demo: the worklist by urgency, then the studies not read and why.
import { styleText } from 'node:util';
import type { Language, Sentence } from '#kernel/errors.ts';
import { PRIORITIES } from '#kernel/finding.ts';
import { percent } from '#messages/short-text.ts';
import { say } from '#messages/say.ts';
import type { WorklistItem } from '#worklist/schema.ts';
import type { Fed } from './feed.ts';

export interface ReportOptions {
  readonly language: Language;
  readonly titles: ReadonlyMap<string, Sentence>;
  /** Phantoms are named, people are not. */
  readonly names: boolean;
}

const COLOURS = { critical: 'red', urgent: 'yellow', routine: 'green' } as const;

/** `PHANTOM^NGUYỄN VĂN AN` → `PHANTOM NGUYỄN VĂN AN`; without names the identity that the hospital's own system knows. */
export function whoIs(item: WorklistItem, { language, names }: Omit<ReportOptions, 'titles'>): string {
  const name = names ? item.patient.name?.replaceAll('^', ' ').trim() : item.patient.id;
  const { sex } = item.patient;
  return [
    name,
    item.ageYears === null ? undefined : say(language, 'demo.years', { age: Math.floor(item.ageYears) }),
    sex === 'M' || sex === 'F' || sex === 'O' ? say(language, `demo.sex-${sex}`) : undefined,
    item.accessionNumber,
  ]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(' · ');
}

/** Of seventeen heads most are undecided on most films; more than these three would hide what is positive. */
const MOST_UNDECIDED = 3;

/** Positive findings first, then the most probable of the undecided ones and how many more there are. */
export function findingsOf(item: WorklistItem, { language, titles }: Omit<ReportOptions, 'names'>): readonly string[] {
  const findings = (item.reading?.findings ?? []).toSorted((a, b) => b.probability - a.probability);
  const told = ({ code, probability }: (typeof findings)[number]): string =>
    `${titles.get(code)?.[language] ?? code} ${percent(probability, ' ')}`;
  const positive = findings.filter(({ decision }) => decision === 'positive').map(told);
  const undecided = findings.filter(({ decision }) => decision === 'indeterminate').map(told);
  if (undecided.length === 0) return positive;
  const list = undecided.slice(0, MOST_UNDECIDED).join(', ');
  const more = Math.max(0, undecided.length - MOST_UNDECIDED);
  return [...positive, say(language, 'demo.undecided', { list, more })];
}

function* assessedLines(item: WorklistItem, note: Sentence | undefined, options: ReportOptions): Generator<string> {
  const { language } = options;
  const bell = item.alertIds.length > 0 ? `  [${say(language, 'demo.alerted')}]` : '';
  yield `  ${styleText('bold', whoIs(item, options))}${bell}`;
  const found = findingsOf(item, options);
  yield `    ${found.length > 0 ? found.join('; ') : say(language, 'demo.nothing-found')}`;
  yield styleText('dim', `    ${item.because.text[language]}`);
  for (const { text } of item.reasons) yield styleText('dim', `    • ${text[language]}`);
  if (note !== undefined) yield styleText('dim', `    ${say(language, 'demo.drawn', { note: note[language] })}`);
}

function* otherLines(item: WorklistItem, note: Sentence | undefined, options: ReportOptions): Generator<string> {
  const { language } = options;
  yield `  ${styleText('bold', whoIs(item, options))}`;
  for (const { text } of item.reasons) yield `    • ${text[language]}`;
  if (note !== undefined) yield styleText('dim', `    ${say(language, 'demo.drawn', { note: note[language] })}`);
}

/** One line each; `items` in the order of reading. */
export function* reportLines(items: readonly WorklistItem[], fed: Fed, options: ReportOptions): Generator<string> {
  const { language } = options;
  const heading = (key: string): string => styleText('bold', say(language, `demo.${key}`));
  const noteOf = (item: WorklistItem): Sentence | undefined => fed.studies.get(item.studyUid);

  yield heading('worklist');
  for (const place of PRIORITIES) {
    const placed = items.filter((item) => item.outcome === 'assessed' && item.place === place);
    if (placed.length === 0) continue;
    yield '';
    yield styleText(COLOURS[place], say(language, `demo.${place}`));
    for (const item of placed) yield* assessedLines(item, noteOf(item), options);
  }
  for (const outcome of ['not-assessed', 'failed'] as const) {
    const others = items.filter((item) => item.outcome === outcome);
    if (others.length === 0) continue;
    yield '';
    yield heading(outcome);
    for (const item of others) yield* otherLines(item, noteOf(item), options);
  }
  if (fed.refused.length > 0) {
    yield '';
    yield heading('refused');
    for (const { name, problem, note } of fed.refused) {
      yield `  ${styleText('bold', name)}  ${styleText('dim', problem.code)}`;
      yield `    • ${problem.text[language]}${problem.field === null ? '' : ` ${problem.field}`}`;
      if (note !== undefined) yield styleText('dim', `    ${say(language, 'demo.drawn', { note: note[language] })}`);
    }
  }
}

/** Seconds from the arrival of a study to its reading, sorted. */
function delays(items: readonly WorklistItem[]): readonly number[] {
  return items
    .flatMap(({ receivedAt, reading }) =>
      reading === null ? [] : [(Date.parse(reading.readAt) - Date.parse(receivedAt)) / 1000],
    )
    .sort((a, b) => a - b);
}

export function* summaryLines(items: readonly WorklistItem[], fed: Fed, language: Language): Generator<string> {
  const count = (outcome: WorklistItem['outcome']): number => items.filter((item) => item.outcome === outcome).length;
  yield say(language, 'demo.summary', {
    files: fed.files,
    studies: fed.studies.size,
    assessed: count('assessed'),
    notAssessed: count('not-assessed'),
    failed: count('failed'),
    waiting: count(null),
    refused: fed.refused.length,
    duplicates: fed.duplicates,
  });
  const seconds = delays(items);
  const at = (share: number): string =>
    (seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))] ?? 0).toFixed(1);
  // A second run finds everything read long ago: then there is nothing to time.
  if (seconds.length > 0 && fed.duplicates < fed.files - fed.refused.length) {
    yield say(language, 'demo.speed', { median: at(0.5), p95: at(0.95) });
  }
}
