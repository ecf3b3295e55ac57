// The coded reasons for which a clinician overrides an alert: one list for the page, CDS Hooks, HisPro and the figures.
import type { Alert } from '#kernel/alert.ts';
import type { Sentence } from '#kernel/errors.ts';
import { sentence } from '#messages/say.ts';

export const OVERRIDE_REASONS = [
  'already-known',
  'already-treated',
  'wrong-data',
  'image-quality',
  'not-applicable',
  'benefit-outweighs-risk',
  'disagree',
  'other',
] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];

export const ALERT_SUBJECTS = ['film', 'risk'] as const;
/** What an alert is about: a film, or a risk of a person. */
export type AlertAbout = (typeof ALERT_SUBJECTS)[number];

/** Reasons that make sense for one kind of alert alone; the others fit both. */
const ONLY_ABOUT: Readonly<Partial<Record<OverrideReason, AlertAbout>>> = {
  'image-quality': 'film',
  'wrong-data': 'risk',
  'benefit-outweighs-risk': 'risk',
};

const aboutOf = ({ subject }: Pick<Alert, 'subject'>): AlertAbout => (subject.studyUid === undefined ? 'risk' : 'film');

export const subjectsOfReason = (code: OverrideReason): readonly AlertAbout[] => {
  const only = ONLY_ABOUT[code];
  return only === undefined ? ALERT_SUBJECTS : [only];
};

/** What is offered for this alert. A reason that another system sends is kept whichever it is. */
export const reasonsFor = (alert: Pick<Alert, 'subject'>): readonly OverrideReason[] =>
  OVERRIDE_REASONS.filter((code) => subjectsOfReason(code).includes(aboutOf(alert)));

const known: ReadonlySet<string> = new Set(OVERRIDE_REASONS);

export const isOverrideReason = (code: string): boolean => known.has(code);

/** What a clinician reads in the list. */
export const overrideReasonText = (code: OverrideReason): Sentence => sentence(`alerts.override.${code}`);
