// An alert as a FHIR DetectedIssue with the alert's own id, words and severity; what people did with it stands as mitigation.
import type { Found } from '#kernel/record-search.ts';
import type { Alert, AlertStatus, Severity } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { say } from '#messages/say.ts';
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import { assertedMeta, type Reference, reference, type Resource } from '#interop/fhir/resources/resource.ts';
import { deviceReference } from './device.ts';
import { observationId } from './observation.ts';
import { subjectOf, type ViewContext } from './view-context.ts';

/**
 * A model never finalises anything, so nothing here becomes `final`. A closed alert is withdrawn (`cancelled`), what a person called
 * false was wrong (`entered-in-error`).
 */
export const ISSUE_STATUS: Readonly<Record<AlertStatus, 'preliminary' | 'cancelled' | 'entered-in-error'>> = {
  new: 'preliminary',
  seen: 'preliminary',
  acknowledged: 'preliminary',
  overridden: 'cancelled',
  resolved: 'cancelled',
  expired: 'cancelled',
  'false-positive': 'entered-in-error',
};

const SEVERITY: Readonly<Record<Severity, 'high' | 'moderate' | 'low'>> = {
  critical: 'high',
  warning: 'moderate',
  info: 'low',
};

export const isRisk = ({ subject }: Alert): boolean => subject.studyUid === undefined;

/** The alert's words, with its limitations: there is no other place for them. */
function wordsOf(alert: Alert, language: Language): string {
  const limits = alert.limitations.map((one) => `- ${one[language]}`);
  const heading = limits.length === 0 ? [] : [[say(language, 'fhir.limitations'), ...limits].join('\n')];
  return [alert.detail[language], ...heading].join('\n\n');
}

function evidenceOf(alert: Alert, language: Language): object[] {
  const found = (code: string): Reference => reference('Observation', observationId(alert.sourceId, code));
  return alert.evidence.map(({ code, text }) => ({
    code: [{ text: text[language] }],
    ...(isRisk(alert) ? {} : { detail: [found(code)] }),
  }));
}

const implicatedBy = (alert: Alert): Reference[] =>
  alert.subject.studyUid === undefined
    ? [reference('RiskAssessment', alert.sourceId)]
    : [reference('ImagingStudy', alert.subject.studyUid), reference('DiagnosticReport', alert.sourceId)];

/** What a person did. Opening an alert is in the audit; an act of the system is no mitigation. */
const MITIGATES = new Set(['acknowledged', 'overridden', 'false-positive', 'resolved']);

const mitigationOf =
  ({ systems, language }: ViewContext) =>
  (event: AlertEvent) => ({
    action: {
      coding: [
        { system: systems.codes.mitigation, code: event.kind },
        ...(event.reasonCode === undefined ? [] : [{ system: systems.codes.overrideReason, code: event.reasonCode }]),
      ],
      text: say(language, `fhir.mitigation.${event.kind}`),
    },
    date: event.at,
    author: { type: 'Practitioner', identifier: { system: systems.login, value: event.actor } },
  });

export function detectedIssueView(found: Found<AlertRecord>, context: ViewContext): Resource {
  const { alert, events, notForClinicalUse } = found.item;
  const { language, systems } = context;
  const mitigations = events.filter(({ kind, actor }) => MITIGATES.has(kind) && actor !== 'system');
  const code = isRisk(alert) ? 'risk' : 'imaging';
  return {
    resourceType: 'DetectedIssue',
    id: alert.id,
    meta: assertedMeta({ ...found, notForClinicalUse }),
    identifier: [{ system: systems.alert, value: alert.id }],
    status: ISSUE_STATUS[alert.status],
    code: {
      coding: [{ system: systems.codes.alertType, code, display: say(language, `cds-hooks.topic.${code}`) }],
      text: alert.summary[language],
    },
    severity: SEVERITY[alert.severity],
    patient: subjectOf(alert.subject.patientCode, context),
    identifiedDateTime: alert.createdAt,
    author: deviceReference(alert.provenance),
    implicated: implicatedBy(alert),
    evidence: evidenceOf(alert, language),
    detail: wordsOf(alert, language),
    ...(mitigations.length > 0 && { mitigation: mitigations.map(mitigationOf(context)) }),
  };
}
