// A card, a line or a result of some door comes in; the topic that it tells of and its number or range go out.
import type { Topic } from './case.ts';

export interface Told {
  readonly topic: Topic;
  /** Both are the same where one number is told. In percent where the topic is a probability. */
  readonly low: number;
  readonly high: number;
}

/** How titles and the names of equations speak of each topic. */
const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['cha2ds2', /CHA.?DS.?|cha2ds2/iu],
  ['news2', /NEWS/iu],
  ['fib4', /FIB-?4/iu],
  ['kfre', /kfre|suy thận|kidney failure/iu],
  ['egfr', /egfr|ckd_epi|mức lọc cầu thận|filtration/iu],
  ['cvd', /who_cvd|score2|prevent|tim mạch|cardiovascular/iu],
];

export const topicOf = (text: string): Topic | undefined => TOPICS.find(([, pattern]) => pattern.test(text))?.[0];

export const NOT_ASSESSED =
  /không (được )?(đánh giá|tính)|chưa (được )?(đánh giá|tính)|not (be )?(assessed|computed)/iu;

const NUMBER = String.raw`\d+(?:[.,]\d+)?`;
const RANGE = new RegExp(
  String.raw`^\s*(?:từ|between|from)?\s*(${NUMBER})(?:[^\d;(]{0,30}?(?:đến|to|and|–|-)\s*(${NUMBER}))?`,
  'iu',
);

const numberOf = (text: string): number => Number(text.replace(',', '.'));

/** `Title: 36 % (high)` or `Title: from 23 % to 36 %`. */
export function readLine(line: string): Told[] {
  const colon = line.indexOf(': ');
  const topic = topicOf(colon === -1 ? line : line.slice(0, colon));
  if (colon === -1 || topic === undefined || NOT_ASSESSED.test(line)) return [];
  const [, low, high = low] = RANGE.exec(line.slice(colon + 2)) ?? [];
  return low === undefined || high === undefined ? [] : [{ topic, low: numberOf(low), high: numberOf(high) }];
}

export const readCard = ({ summary }: { readonly summary: string; readonly detail?: string }): Told[] =>
  readLine(summary);

interface Output {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

/** A result of `/v1/risk/assess`. */
export function readResult(result: {
  readonly equationId: string;
  readonly headline: string;
  readonly outputs: readonly Output[];
}): Told[] {
  const topic = topicOf(result.equationId);
  const output = result.outputs.find(({ name }) => name === result.headline);
  if (topic === undefined || output === undefined) return [];
  const { value, interval } = output;
  const [low, high] = value === null ? [interval?.lower, interval?.upper] : [value, value];
  const factor = output.unit === '1' ? 100 : 1;
  return low === undefined || high === undefined ? [] : [{ topic, low: low * factor, high: high * factor }];
}

export interface RiskAssessment {
  readonly resourceType: string;
  readonly method?: { readonly coding?: readonly { readonly code?: string }[] };
  readonly prediction?: readonly {
    readonly probabilityDecimal?: number;
    readonly probabilityRange?: { readonly low: { readonly value: number }; readonly high: { readonly value: number } };
    readonly rationale?: string;
  }[];
}

/** The first prediction of a RiskAssessment: a probability in percent, or the words of its rationale. */
export function readRiskAssessment({ resourceType, method, prediction = [] }: RiskAssessment): Told[] {
  if (resourceType !== 'RiskAssessment') return [];
  const topic = topicOf(method?.coding?.[0]?.code ?? '');
  const [first] = prediction;
  if (topic === undefined || first === undefined) return [];
  const { probabilityDecimal, probabilityRange, rationale = '' } = first;
  if (probabilityDecimal !== undefined) return [{ topic, low: probabilityDecimal, high: probabilityDecimal }];
  if (probabilityRange !== undefined)
    return [{ topic, low: probabilityRange.low.value, high: probabilityRange.high.value }];
  return readLine(`${topic}: ${rationale}`);
}
