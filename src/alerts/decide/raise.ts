// A candidate meets the ward's policy: an alert (perhaps a suppressed one, which is counted but never pushed) or a silence with its reason.
import { HOUR_MS } from '#kernel/clock.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Reason } from '#kernel/finding.ts';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import { sentence, type MessageValues } from '#messages/say.ts';
import { fullRole } from './budget.ts';
import type { AlertCandidate, AlertContext } from './candidate.ts';
import { isMaterialChange } from './change.ts';
import { alertErrors } from '#alerts/errors.ts';
import { ruleOfKey } from './reader-load.ts';
import { interrupts, ruleFor, type AlertPolicy, type AlertRule, type Audience } from '#alerts/policy/policy.ts';
import { severityOf, withheldBecause } from './speakers.ts';

export type AlertDecision =
  | {
      readonly kind: 'alert';
      readonly alert: Alert;
      /** The alert of the same subject that this one replaces, whatever its state: marked, and resolved if still open, in the same transaction. */
      readonly supersedes?: Uuid;
      /** No news for people: only what the open alert says has changed, and its old number must not stand. */
      readonly restated?: true;
    }
  | { readonly kind: 'silence'; readonly reason: Reason };

const OPEN = new Set(['new', 'seen', 'acknowledged']);

/** A reason of this room; `name` is a key under `reason.` of the catalogue. */
export const because = (name: string, values?: MessageValues): Reason => ({
  code: `alerts.${name}`,
  text: sentence(`alerts.reason.${name}`, values),
});

const silence = (name: string, values?: MessageValues): AlertDecision => ({
  kind: 'silence',
  reason: because(name, values),
});

const union = (...lists: readonly (readonly string[] | undefined)[]): string[] => [
  ...new Set(lists.flatMap((list) => list ?? []).filter((name) => name.trim() !== '')),
];

function audienceOf(rule: AlertRule, context: AlertContext, policy: AlertPolicy): Audience {
  const base = rule.audience ?? policy.audience;
  const audience = {
    loginNames: union(base.loginNames, context.audience?.loginNames),
    departmentCodes: union(base.departmentCodes, context.audience?.departmentCodes),
    roles: union(base.roles, context.audience?.roles),
  };
  if (Object.values(audience).every((list) => list.length === 0)) throw alertErrors.error('no-audience');
  return audience;
}

/** Already told: the same alert does not rise again. Null when it may rise. */
function alreadyTold(before: Alert, candidate: AlertCandidate, policy: AlertPolicy): Reason | null {
  if (before.suppressedBecause !== undefined || isMaterialChange(before, candidate, policy)) return null;
  if (before.status === 'overridden' || before.status === 'false-positive') return because('already-decided');
  if (OPEN.has(before.status)) return because('already-told');
  // Resolved or expired: a patient's state that is back is told again, a past examination is not.
  return candidate.about.kind === 'study' ? because('already-told') : null;
}

/** A patient's state that is told already, and whose number is another one today: a corrected or newer value must not leave the old one standing. */
const isRestated = (before: Alert, candidate: AlertCandidate, policy: AlertPolicy): boolean =>
  candidate.about.kind === 'patient' &&
  before.suppressedBecause === undefined &&
  OPEN.has(before.status) &&
  !isMaterialChange(before, candidate, policy) &&
  before.summary.en !== candidate.summary.en;

function inCoolDown(candidate: AlertCandidate, rule: AlertRule, context: AlertContext, policy: AlertPolicy): boolean {
  return context.previous.some((before) => {
    const ageMs = context.now.getTime() - Date.parse(before.createdAt);
    return (
      ruleOfKey(before.dedupKey) === candidate.ruleId &&
      before.suppressedBecause === undefined &&
      // Its readers were told that it no longer holds: they have to hear that it does again.
      !(before.status === 'resolved' && candidate.about.kind === 'patient') &&
      ageMs >= 0 &&
      ageMs < rule.coolDownHours * HOUR_MS &&
      !isMaterialChange(before, candidate, policy)
    );
  });
}

interface Judged {
  readonly candidate: AlertCandidate;
  readonly rule: AlertRule;
  readonly roles: readonly string[];
}

/** Why the alert stays silent though it is made, or undefined. */
function suppression(judged: Judged, context: AlertContext, policy: AlertPolicy): Reason | undefined {
  const { candidate, rule, roles } = judged;
  const login = context.orderedBy;
  if (login !== undefined && rule.excludedLogins.includes(login)) return because('excluded-account');
  if (policy.neverSilenced.includes(candidate.severity)) return undefined;
  if (inCoolDown(candidate, rule, context, policy)) return because('cool-down', { hours: rule.coolDownHours });
  if (context.load === undefined) return undefined;
  const lastHour = context.load.raisedLastHour[candidate.ruleId] ?? 0;
  if (rule.maximumPerHour !== undefined && lastHour >= rule.maximumPerHour) {
    return because('rate-cap', { count: rule.maximumPerHour });
  }
  if (!interrupts(candidate.severity, policy)) return undefined;
  const role = fullRole(candidate.severity, roles, context.load, policy);
  return role === null ? undefined : because('budget', { role });
}

/**
 * Decides on one candidate. The alert's id is derived from its key and source, so that a retry gives the same alert.
 * Throws `alerts.no-audience` when neither policy nor order names a receiver (a checked policy always does).
 */
export function raise(offered: AlertCandidate, context: AlertContext, policy: AlertPolicy): AlertDecision {
  const rule = ruleFor(policy, offered.ruleId);
  const withheld = withheldBecause(offered, policy);
  if (withheld !== null) return silence(withheld);
  const candidate = { ...offered, severity: severityOf(offered, policy) };

  const dedupKey = [candidate.ruleId, candidate.about.kind, candidate.about.id, candidate.about.subKey].join(':');
  // One alert speaks for one subject at a time, also where its leading finding (and so its rule) has changed, and for a study's
  // findings also where another model reads it now.
  const [model = ''] = candidate.about.kind === 'study' ? [] : candidate.ruleId.split('/');
  const tail = `:${candidate.about.kind}:${candidate.about.id}:${candidate.about.subKey}`;
  const before = context.previous.filter(
    ({ dedupKey: key }) => (model === '' || key.startsWith(`${model}/`)) && key.endsWith(tail),
  );
  const restates = before.some((alert) => isRestated(alert, candidate, policy));
  for (const alert of before) {
    const told = restates ? null : alreadyTold(alert, candidate, policy);
    if (told !== null) return { kind: 'silence', reason: told };
  }

  const newest = before.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
  // An alert that a reader already has is always replaced by the newer one, also where cap or budget would suppress it.
  const replacesOpen = newest !== undefined && newest.suppressedBecause === undefined && OPEN.has(newest.status);
  const audience = audienceOf(rule, context, policy);
  const hours = rule.expiresAfterHours ?? policy.expiresAfterHours[candidate.severity];
  const suppressedBecause = replacesOpen
    ? undefined
    : suppression({ candidate, rule, roles: audience.roles }, context, policy);
  const alert: Alert = {
    // A patient's state may come back with the very same values after its alert has fallen: then it is another alert.
    id: derivedUuid(
      ...(['alert', candidate.facilityId, dedupKey, candidate.sourceId] as const),
      ...(candidate.about.kind === 'patient' && newest !== undefined ? [newest.id] : []),
    ),
    facilityId: candidate.facilityId,
    dedupKey,
    severity: candidate.severity,
    status: restates && newest !== undefined ? newest.status : 'new',
    subject: context.subject,
    summary: candidate.summary,
    detail: candidate.detail,
    evidence: candidate.evidence,
    limitations: candidate.limitations,
    sourceId: candidate.sourceId,
    provenance: candidate.provenance,
    audience,
    // Who was to answer by when does not change with the number.
    createdAt: restates && newest !== undefined ? newest.createdAt : context.now.toISOString(),
    expiresAt: new Date(context.now.getTime() + hours * HOUR_MS).toISOString(),
    ...(suppressedBecause === undefined ? {} : { suppressedBecause }),
  };
  const supersedes = newest === undefined || newest.id === alert.id ? {} : { supersedes: newest.id };
  return { kind: 'alert', alert, ...supersedes, ...(restates ? { restated: true } : {}) };
}
