// An answer and what was expected of it come in; the faults go out, each as a sentence.
import type { Expectation, Line, Measured, Topic } from './case.ts';
import type { Answer } from './doors.ts';
import { NOT_ASSESSED, type Told, topicOf } from './told.ts';

const isWithin = ({ low, high }: Told, [least, most]: readonly [number, number]): boolean =>
  low >= least && high <= most;

/** A door prints whole percents or one decimal. */
const ROUNDING = 0.06;
const hasEnds = ({ low, high }: Told, [first, last]: readonly [number, number]): boolean =>
  Math.abs(low - first) <= ROUNDING * Math.max(1, first / 10) &&
  Math.abs(high - last) <= ROUNDING * Math.max(1, last / 10);

const isTold = (told: Told, { topic, within, ends }: Measured): boolean =>
  told.topic === topic &&
  (within === undefined || isWithin(told, within)) &&
  (ends === undefined || hasEnds(told, ends));

const isLine = (given: NonNullable<Answer['lines']>[number], { kind, value }: Line): boolean => {
  if (given.kind !== kind) return false;
  const allowed = typeof value === 'object' && value !== null ? value.oneOf : [value];
  return allowed.includes(given.value ?? null);
};

const isNotAssessed = (answer: Answer, topic: Topic): boolean =>
  !answer.told.some((told) => told.topic === topic) &&
  answer.texts.some((text) => topicOf(text) === topic && (NOT_ASSESSED.test(text) || text.includes('not-assessed')));

function* faults(answer: Answer, expected: Expectation): Generator<string> {
  const statuses = [expected.status ?? 200].flat();
  if (!statuses.includes(answer.status)) yield `status ${answer.status}, not ${statuses.join(' or ')}`;
  for (const one of expected.told ?? [])
    if (!answer.told.some((told) => isTold(told, one))) yield `told: nothing fits ${JSON.stringify(one)}`;
  for (const one of expected.silent ?? []) {
    const quiet = typeof one === 'string' ? { topic: one } : one;
    if (answer.told.some((told) => isTold(told, quiet))) yield `silent: ${JSON.stringify(one)} is told`;
  }
  for (const patterns of expected.says ?? []) {
    const all = patterns.map((pattern) => new RegExp(pattern, 'iu'));
    if (!answer.texts.some((text) => all.every((pattern) => pattern.test(text))))
      yield `says: nothing matches ${patterns.join(' and ')}`;
  }
  for (const topic of expected.notAssessed ?? [])
    if (!isNotAssessed(answer, topic)) yield `notAssessed: nothing says so of ${topic}`;
  const rejected = answer.rejected ?? [];
  if (expected.rejected?.length === 0 && rejected.length > 0) yield `rejected: ${JSON.stringify(rejected)}`;
  for (const { code, because } of expected.rejected ?? [])
    if (!rejected.some((one) => one.code === code && one.reason.code.includes(because)))
      yield `rejected: not ${code} because of ${because}`;
  const acks = answer.acks ?? [];
  if (expected.ack !== undefined && (acks.length !== 1 || !expected.ack.includes(acks[0] ?? '')))
    yield `ack: [${acks.join()}], not one of ${expected.ack.join()}`;
  for (const line of expected.lines ?? [])
    if (!(answer.lines ?? []).some((given) => isLine(given, line))) yield `lines: none is ${JSON.stringify(line)}`;
  if (expected.body !== undefined && !new RegExp(expected.body, 'iu').test(answer.body))
    yield `body: does not match ${expected.body}`;
}

/** Empty: the answer is as expected. */
export function faultsOf(answer: Answer, expected: Expectation): readonly string[] {
  const own = [...faults(answer, expected.any === undefined ? expected : { ...expected, status: [answer.status] })];
  if (expected.any === undefined) return own;
  const others = expected.any.map((one) => faultsOf(answer, one));
  return others.some((one) => one.length === 0) ? own : [...own, ...others.map((one) => `any: ${one.join('; ')}`)];
}

/** Faults of what the answers to all steps say of one topic. */
export function differences(answers: readonly Answer[], topic: Topic): readonly string[] {
  const all = answers.map(({ told }) => told.filter((one) => one.topic === topic));
  const spans = all.map((one) => one.map(({ low, high }) => `${low.toFixed(0)}-${high.toFixed(0)}`));
  const shared = spans[0]?.filter((span) => spans.every((one) => one.includes(span))) ?? [];
  return shared.length > 0 ? [] : [`same: ${topic} is told as ${spans.map((one) => one.join(' ')).join(' | ')}`];
}

/** Whether the door made a number of what it was given. */
export function hasRead(answer: Answer, reads: string): boolean {
  if (reads === 'value') return (answer.lines ?? []).some(({ kind, value }) => kind === 'measurement' && value != null);
  return answer.told.some(({ topic }) => topic === reads);
}
