// A reading of a study becomes an alert, or a silence with its reason: never nothing.
import type { AlertEvidence, Severity } from '#kernel/alert.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Finding, Priority, Reading } from '#kernel/finding.ts';
import { both, say, sentence } from '#messages/say.ts';
import type { AlertCandidate, AlertContext } from './candidate.ts';
import { because, raise, type AlertDecision } from './raise.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import { type Offered, severityOf, speakersOf } from './speakers.ts';
import { fitSummary, inSentence, percent } from '#messages/short-text.ts';

/** What the alert needs to know of a model's head; the heads of model.json fit as they are. */
export interface AlertHead {
  readonly code: string;
  readonly title: Sentence;
  readonly priority: Priority;
  /** False: only for the order of the worklist, no alert of its own where it is not critical. */
  readonly explains: boolean;
}

export interface ReadingContext extends AlertContext {
  readonly heads: readonly AlertHead[];
  /** Name of the examination as a summary begins with it; a chest X-ray where absent. */
  readonly examination?: Sentence;
}

export const SEVERITY_OF: Readonly<Record<Priority, Severity>> = {
  critical: 'critical',
  urgent: 'warning',
  routine: 'info',
};

interface OfferedFinding extends Offered {
  readonly finding: Finding;
  readonly head: AlertHead;
}

function summaryOf(told: readonly OfferedFinding[], lead: OfferedFinding, examination: Sentence): Sentence {
  return both((language) =>
    fitSummary((title) => {
      return say(language, 'alerts.reading.summary', {
        title,
        probability: percent(lead.finding.probability),
        examination: examination[language],
        others: told.length - 1,
      });
    }, inSentence(lead.head.title[language])),
  );
}

function detailOf(told: readonly OfferedFinding[], reading: Reading): Sentence {
  return both((language) => {
    const lines = told.map(({ finding, head }) =>
      say(language, 'alerts.reading.line', { title: head.title[language], probability: percent(finding.probability) }),
    );
    const model = say(language, 'alerts.reading.model', {
      model: reading.provenance.modelId,
      version: reading.provenance.modelVersion,
    });
    return [say(language, 'alerts.reading.intro', { count: told.length }), ...lines, model].join('\n');
  });
}

const evidenceOf = ({ finding, head }: OfferedFinding): AlertEvidence => ({
  code: finding.code,
  text: both((language) =>
    say(language, 'alerts.reading.evidence', {
      title: head.title[language],
      probability: percent(finding.probability),
    }),
  ),
  value: finding.probability,
});

function limitationsOf(reading: Reading, lead: OfferedFinding): Sentence[] {
  const limitations = [sentence('alerts.limitation.decision-support'), sentence('alerts.limitation.no-priors')];
  if (reading.notForClinicalUse) limitations.unshift(sentence('alerts.limitation.not-for-clinical-use'));
  if (lead.finding.heatmap?.state === 'hidden') limitations.push(sentence('alerts.limitation.heatmap-hidden'));
  return limitations;
}

/**
 * Decides on one reading: severity from the most urgent positive finding that the ward lets speak, one alert for the whole study.
 * A study that was not assessed or failed is a silence whose reason is the reading's own, never "nothing found".
 */
export function decide(reading: Reading, context: ReadingContext, policy: AlertPolicy): AlertDecision {
  if (reading.outcome !== 'assessed') {
    return { kind: 'silence', reason: reading.reasons[0] ?? because(reading.outcome) };
  }
  const heads = new Map(context.heads.map((head) => [head.code, head]));
  const positive = reading.findings.flatMap((finding): OfferedFinding[] => {
    const head = heads.get(finding.code);
    if (finding.decision !== 'positive' || head === undefined) return [];
    const ruleId = `${reading.provenance.modelId}/${head.code}`;
    return [{ finding, head, ruleId, severity: SEVERITY_OF[head.priority], probability: finding.probability }];
  });
  // A head that is there for the worklist's order alone raises nothing, unless that order is "at once": no film stands there silently.
  const telling = positive.filter((one) => one.head.explains || policy.neverSilenced.includes(severityOf(one, policy)));
  const told = speakersOf(telling, policy, context.orderedBy);
  const [lead] = told;
  if (lead === undefined) {
    if (positive.length > 0) return { kind: 'silence', reason: because('worklist-only') };
    const unsure = reading.findings.some(({ decision }) => decision === 'indeterminate');
    return { kind: 'silence', reason: because(unsure ? 'indeterminate' : 'nothing-positive') };
  }
  const candidate: AlertCandidate = {
    ruleId: lead.ruleId,
    facilityId: reading.facilityId,
    about: { kind: 'study', id: reading.studyUid, subKey: 'findings' },
    severity: lead.severity,
    probability: lead.probability,
    summary: summaryOf(told, lead, context.examination ?? sentence('alerts.examination.chest-x-ray')),
    detail: detailOf(told, reading),
    evidence: told.map(evidenceOf),
    facts: told.length,
    limitations: limitationsOf(reading, lead),
    sourceId: reading.id,
    provenance: reading.provenance,
  };
  return raise(candidate, context, policy);
}
