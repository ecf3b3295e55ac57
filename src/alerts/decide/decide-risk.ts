// A risk assessment becomes a flag for the physician, or a silence with its reason.
import type { Alert, AlertEvidence, Severity } from '#kernel/alert.ts';
import type { Language, Sentence } from '#kernel/errors.ts';
import { both, distinct, say, sentence } from '#messages/say.ts';
import type { AlertContext } from './candidate.ts';
import { rankOf, ruleFor, type AlertPolicy } from '#alerts/policy/policy.ts';
import { because, raise, type AlertDecision } from './raise.ts';
import { fitSummary, inSentence } from '#messages/short-text.ts';

/** One assessed equation of one person, as the risk room knows it. */
export interface RiskFlag extends Pick<Alert, 'facilityId' | 'sourceId' | 'limitations' | 'provenance'> {
  readonly equationId: string;
  /** For example `10-year cardiovascular risk`. */
  readonly title: Sentence;
  /** The result as it is read: `21.4 %`, `7 points`. */
  readonly result: Sentence;
  /** As a share, 0 to 1, where the equation gives a risk; absent for points and other scales. */
  readonly risk?: number;
  /** The equation's own category; matched without regard to case, blanks as hyphens. */
  readonly category?: { readonly code: string; readonly title: Sentence };
  /** Inputs that are missing where the result is a range. */
  readonly missing?: readonly Sentence[];
  /** What drives it, largest first. */
  readonly contributions: readonly AlertEvidence[];
}

const plainCode = (code: string): string => code.trim().toLowerCase().replaceAll(/\s+/g, '-');

/** The severity that the ward gives to this result, or undefined where it is no flag. The higher of category and threshold counts. */
export function riskSeverity(flag: RiskFlag, policy: AlertPolicy): Severity | undefined {
  const { categories = {}, riskFrom = [] } = ruleFor(policy, `risk/${flag.equationId}`);
  const { risk } = flag;
  const offered = riskFrom.flatMap(({ from, severity }) => (risk !== undefined && risk >= from ? [severity] : []));
  const byCategory = flag.category === undefined ? undefined : categories[plainCode(flag.category.code)];
  if (byCategory !== undefined) offered.push(byCategory);
  return offered.sort((a, b) => rankOf(b) - rankOf(a))[0];
}

function summaryOf(flag: RiskFlag): Sentence {
  const { title, result, category } = flag;
  return both((language) =>
    fitSummary(
      (shown) =>
        say(language, category === undefined ? 'alerts.risk.summary' : 'alerts.risk.summary-with-category', {
          title: shown,
          result: result[language],
          category: category === undefined ? '' : inSentence(category.title[language]),
        }),
      title[language],
    ),
  );
}

const missingIn = ({ missing = [] }: RiskFlag, language: Language): readonly string[] =>
  missing.length === 0
    ? []
    : [
        say(language, 'alerts.risk.missing', {
          inputs: missing.map((title) => inSentence(title[language])).join('; '),
        }),
      ];

/** The range itself names its missing inputs, also where a door shows nothing else. */
const leadText = (flag: RiskFlag): Sentence =>
  both((language) => [`${flag.title[language]}: ${flag.result[language]}`, ...missingIn(flag, language)].join('. '));

function detailOf(flag: RiskFlag): Sentence {
  return both((language) => {
    const reasons = flag.contributions.map(({ text }) => `- ${text[language]}`);
    const model = say(language, 'alerts.risk.model', {
      model: flag.equationId,
      version: flag.provenance.modelVersion,
    });
    return [
      ...missingIn(flag, language),
      ...(reasons.length > 0 ? [say(language, 'alerts.risk.why'), ...reasons] : []),
      model,
    ].join('\n');
  });
}

/** Decides on one assessed equation: its severity is the ward's, from the rule's `categories` and `riskFrom`. */
export function decideRisk(flag: RiskFlag, context: AlertContext, policy: AlertPolicy): AlertDecision {
  const severity = riskSeverity(flag, policy);
  if (severity === undefined) return { kind: 'silence', reason: because('risk-below-threshold') };
  const { risk } = flag;
  const lead: AlertEvidence = {
    code: flag.equationId,
    text: leadText(flag),
    ...(risk === undefined ? {} : { value: risk }),
  };
  return raise(
    {
      ruleId: `risk/${flag.equationId}`,
      facilityId: flag.facilityId,
      about: { kind: 'patient', id: context.subject.patientCode, subKey: flag.equationId },
      severity,
      probability: risk ?? 1,
      summary: summaryOf(flag),
      detail: detailOf(flag),
      evidence: [lead, ...flag.contributions],
      // Contributions shift with every measurement: only the risk itself is news.
      facts: 1,
      // An equation may say of itself what every alert says.
      limitations: distinct([sentence('alerts.limitation.decision-support'), ...flag.limitations]),
      sourceId: flag.sourceId,
      provenance: flag.provenance,
    },
    context,
    policy,
  );
}
