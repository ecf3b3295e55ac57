// The conclusion of a reading as text, in one language: every standard that sends text sends this one.
import type { Language } from '#kernel/errors.ts';
import type { Decision, Reading } from '#kernel/finding.ts';
import type { HeadsOf } from '#kernel/head.ts';
import type { Uuid } from '#kernel/ids.ts';
import { say } from './say.ts';
import { percent } from './short-text.ts';

interface Concluded {
  readonly reading: Reading & { readonly supersededBy?: Uuid };
}

interface Words {
  readonly language: Language;
  readonly heads: HeadsOf;
}

/** Positive and undecided ones by name; the negative ones are in the observations. */
function linesOf(item: Concluded, { language, heads }: Words): string[] {
  const { findings, provenance } = item.reading;
  const named = (decision: Decision): string =>
    findings
      .filter((finding) => finding.decision === decision)
      .sort((a, b) => b.probability - a.probability)
      .map(({ code, probability }) => `${heads(provenance, code)?.title[language] ?? code} (${percent(probability)})`)
      .join('; ');
  const [positive, indeterminate] = [named('positive'), named('indeterminate')];
  return [
    positive === ''
      ? say(language, 'fhir.report.none-positive')
      : say(language, 'fhir.report.positive', { findings: positive }),
    ...(indeterminate === '' ? [] : [say(language, 'fhir.report.indeterminate', { findings: indeterminate })]),
  ];
}

/** Positive and undecided findings, or why there are none: FHIR and HL7 v2 send the same text. */
export function conclusionOf(item: Concluded, context: Words): string {
  const { language } = context;
  const { outcome, reasons, supersededBy, notForClinicalUse } = item.reading;
  const because = reasons.map(({ text }) => text[language]);
  const lines = {
    assessed: () => linesOf(item, context),
    'not-assessed': () => [say(language, 'fhir.report.not-assessed'), ...because],
    failed: () => [say(language, 'fhir.report.failed'), ...because],
  }[outcome]();
  return [
    ...(supersededBy === undefined ? [] : [say(language, 'fhir.report.superseded')]),
    say(language, 'fhir.report.intro'),
    ...lines,
    ...(notForClinicalUse ? [say(language, 'alerts.limitation.not-for-clinical-use')] : []),
  ].join('\n');
}
