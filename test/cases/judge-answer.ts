// Compares an answer of the pre-read with a case's list of right answers. Returns the differences; none means that the answer is right.
import type { Expected, Never } from './film-case.ts';
import type { Answer, ReasonLine } from './preread-answers.ts';

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

export const hasCode = (codes: readonly string[], patterns: readonly string[]): boolean =>
  patterns.some((pattern) => codes.some((code) => whole(pattern).test(code)));

export const reasonsTell = (reasons: readonly ReasonLine[], patterns: readonly string[]): boolean =>
  patterns.some((pattern) => reasons.some(({ code, text }) => new RegExp(pattern, 'i').test(`${code}\n${text}`)));

const DEFAULT_WITHIN = 0.03;
const DEFAULT_FLIPS = 1;

function differencesFrom(reference: Answer, answer: Answer, expected: Expected): string[] {
  const within = expected.within ?? DEFAULT_WITHIN;
  const differences: string[] = [];
  const flipped: string[] = [];
  const mine = new Map(answer.findings.map((finding) => [finding.code, finding]));
  if (reference.findings.length !== answer.findings.length) differences.push('other findings are reported');
  for (const { code, probability, decision } of reference.findings) {
    const finding = mine.get(code);
    if (finding === undefined) {
      differences.push(`${code} is not reported`);
      continue;
    }
    const distance = Math.abs(finding.probability - probability);
    if (distance > within) differences.push(`${code} differs by ${distance.toFixed(3)}`);
    if (finding.decision === decision) continue;
    flipped.push(code);
    if (finding.decision !== 'indeterminate' && decision !== 'indeterminate')
      differences.push(`${code} is ${finding.decision}, not ${decision}`);
  }
  if (flipped.length > (expected.flips ?? DEFAULT_FLIPS)) differences.push(`decisions differ: ${flipped.join(', ')}`);
  if (answer.priority !== reference.priority)
    differences.push(`priority is ${answer.priority}, not ${reference.priority}`);
  return differences.map((difference) => `${difference} (like ${expected.like})`);
}

function differencesOf(answer: Answer, expected: Expected, readAlone: (file: string) => Answer): string[] {
  const differences: string[] = [];
  const codes = answer.reasons.map(({ code }) => code);
  if (expected.outcome !== undefined && answer.outcome !== expected.outcome)
    differences.push(`the outcome is ${answer.outcome}, not ${expected.outcome}`);
  if (expected.codes !== undefined && !hasCode(codes, expected.codes))
    differences.push(`no reason is one of ${expected.codes.join(', ')}`);
  if (expected.tells !== undefined && !reasonsTell(answer.reasons, expected.tells))
    differences.push(`no reason tells ${expected.tells.join(', ')}`);
  if (expected.like !== undefined && answer.outcome === 'assessed')
    differences.push(...differencesFrom(readAlone(expected.like), answer, expected));
  return differences;
}

function forbiddenIn(answer: Answer, never: Never): string[] {
  const codes = answer.reasons.map(({ code }) => code);
  return [
    ...(never.codes ?? []).filter((pattern) => hasCode(codes, [pattern])).map((pattern) => `a reason is ${pattern}`),
    ...(never.text ?? [])
      .filter((text) => answer.reasons.some((reason) => reason.text.includes(text)))
      .map((text) => `a sentence contains ${text}`),
  ];
}

/** `readAlone` gives the answer for a file that the case compares with. */
export function faultsOf(
  answer: Answer,
  right: { readonly expect: readonly Expected[]; readonly never?: Never },
  readAlone: (file: string) => Answer,
): string[] {
  const attempts = right.expect.map((expected) => differencesOf(answer, expected, readAlone));
  const faults = attempts.some((differences) => differences.length === 0) ? [] : attempts.flat();
  return [...faults, ...forbiddenIn(answer, right.never ?? {})];
}
