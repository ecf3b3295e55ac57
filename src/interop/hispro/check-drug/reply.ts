// Alerts of the patient become the answer that HisPro's plug-in shows: the category names, joined by semicolons, and nothing else.
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { Uuid } from '#kernel/ids.ts';
import { shorten } from '#messages/short-text.ts';
import { say } from '#messages/say.ts';

/** 3 (contraindicated) stops the doctor hard; no statistical model may do that, so it cannot be said here. */
export type DrugSeverity = 0 | 1 | 2;

export interface IssueCategory {
  readonly Severity: DrugSeverity;
  readonly CategoryName: string;
  readonly Issues: readonly { readonly TriggerAlert: boolean; readonly Issue: string }[];
}

/** Names, case and presence of every key as the plug-in reads them. */
export interface CheckDrugReply {
  readonly prescriptionID: Uuid;
  readonly needAlert: boolean;
  readonly note: string;
  readonly issueCategories: readonly IssueCategory[];
  readonly severity: DrugSeverity;
  /** 0: none of interaction, duplicate, overdose, solvent, route. */
  readonly topIssue: 0;
  readonly warning: { readonly Category: 0; readonly Message: string } | null;
  readonly needDoctorConfirmation: boolean;
  readonly issueText: string;
}

/** The dialog is one line; a long name would push the buttons off an old screen. */
const NAME_LIMIT = 120;
/** And it joins all names: more than these are counted, and stand on the page. */
const MOST_NAMES = 4;

export const quietReply = (prescriptionID: Uuid, note = ''): CheckDrugReply => ({
  prescriptionID,
  needAlert: false,
  note,
  issueCategories: [],
  severity: 0,
  topIssue: 0,
  warning: null,
  needDoctorConfirmation: false,
  issueText: '',
});

const severityOf = (alert: Alert): DrugSeverity => (alert.severity === 'critical' ? 2 : 1);

const lineOf = (line: string, severity: 1 | 2): IssueCategory => ({
  Severity: severity,
  CategoryName: shorten(line, NAME_LIMIT),
  Issues: line.length > NAME_LIMIT ? [{ TriggerAlert: false, Issue: line }] : [],
});

/** Lines that are no alert, behind those that are; alone they are a plain dialog. */
export function withLines(reply: CheckDrugReply, lines: readonly string[]): CheckDrugReply {
  if (lines.length === 0) return reply;
  const issueCategories = [...reply.issueCategories, ...lines.map((line) => lineOf(line, 1))];
  return {
    ...reply,
    needAlert: true,
    issueCategories,
    severity: reply.severity === 0 ? 1 : reply.severity,
    issueText: issueCategories.map(({ CategoryName }) => CategoryName).join('; '),
  };
}

/** One dialog line with a reason of ours instead of a patient's alert. */
export const plainReply = (prescriptionID: Uuid, severity: 1 | 2, line: string): CheckDrugReply => ({
  ...quietReply(prescriptionID),
  needAlert: true,
  issueCategories: [lineOf(line, severity)],
  severity,
  issueText: line,
});

export interface Shown {
  readonly language: Language;
  /** Whether the explanation page opens before the doctor goes on. */
  readonly confirm: 'page' | 'dialog';
}

/** `alerts` must not be empty. */
export function alertReply(
  prescriptionID: Uuid,
  alerts: readonly Alert[],
  { language, confirm }: Shown,
): CheckDrugReply {
  const named = alerts.length > MOST_NAMES ? alerts.slice(0, MOST_NAMES - 1) : alerts;
  const issueCategories: IssueCategory[] = named.map((alert) => ({
    Severity: severityOf(alert),
    CategoryName: shorten(alert.summary[language], NAME_LIMIT),
    Issues: alert.evidence.map(({ text }) => ({ TriggerAlert: true, Issue: text[language] })),
  }));
  const rest = alerts.slice(named.length);
  if (rest.length > 0) {
    issueCategories.push({
      Severity: rest.some((alert) => severityOf(alert) === 2) ? 2 : 1,
      CategoryName: say(language, 'hispro.check.more', { count: rest.length }),
      Issues: rest.map((alert) => ({ TriggerAlert: true, Issue: alert.summary[language] })),
    });
  }
  const hasCritical = issueCategories.some(({ Severity }) => Severity === 2);
  return {
    prescriptionID,
    needAlert: true,
    note: '',
    issueCategories,
    severity: hasCritical ? 2 : 1,
    topIssue: 0,
    warning: { Category: 0, Message: say(language, 'hispro.check.see-explanation') },
    needDoctorConfirmation: confirm === 'page',
    issueText: issueCategories.map(({ CategoryName }) => CategoryName).join('; '),
  };
}
