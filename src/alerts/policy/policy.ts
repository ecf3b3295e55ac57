// The ward's alert policy: data that a hospital changes without touching code, checked when it is read.
import { z } from 'zod';
import { SEVERITIES, type Severity } from '#kernel/alert.ts';

const severity = z.enum(SEVERITIES);
const names = z.array(z.string().min(1));

/** Empty everywhere would mean "everybody", which no alert may be sent to. */
const audience = z
  .strictObject({ loginNames: names, departmentCodes: names, roles: names })
  .refine((to) => to.loginNames.length + to.departmentCodes.length + to.roles.length > 0, {
    error: 'an audience names at least one login, department or role',
  });
export type Audience = z.infer<typeof audience>;

const perSeverity = z.strictObject({
  info: z.number().positive(),
  warning: z.number().positive(),
  critical: z.number().positive(),
});

const escalationStep = z.strictObject({
  severity,
  /** From the creation of an alert that nobody acknowledged. */
  afterMinutes: z.number().positive(),
  to: audience,
});
export type EscalationStep = z.infer<typeof escalationStep>;

const rule = z.strictObject({
  /** A rule id such as `cxr-findings/Pneumothorax` or `risk/score2`; a `*` at its end stands for anything. The first match counts. */
  match: z.string().regex(/^[^*]*\*?$/),
  enabled: z.boolean(),
  /** Replaces the severity that the finding brings. */
  severity: severity.optional(),
  /** Below it the rule stays silent, also where the model calls the finding positive; tiers in `neverSilenced` know no such floor. */
  minimumProbability: z.number().min(0).max(1).optional(),
  audience: audience.optional(),
  /** Accounts whose orders never raise this rule (interfaces, robots). */
  excludedLogins: names,
  /** Replaces the policy's own step for this rule. */
  materialProbabilityStep: z.number().min(0).max(1).optional(),
  /** Risk equations: the severity of each category code; a category that is not listed is no flag. */
  categories: z.record(z.string(), severity).optional(),
  /** Risk equations: the severity from this risk (a share, 0 to 1) on. */
  riskFrom: z.array(z.strictObject({ from: z.number().min(0).max(1), severity })).optional(),
  maximumPerHour: z.number().int().positive().optional(),
  /** After an alert of this rule for a patient, the next without news is kept silent for so long. */
  coolDownHours: z.number().nonnegative(),
  expiresAfterHours: z.number().positive().optional(),
  /** Replaces the policy's own steps for this rule. */
  escalation: z.array(escalationStep).optional(),
});
export type AlertRule = z.infer<typeof rule>;

const budget = z.strictObject({
  windowDays: z.number().positive(),
  /** Below so many patients in the window a rate says nothing, and the budget does not bind. */
  minimumPatients: z.number().int().positive(),
  perRole: z.array(z.strictObject({ role: z.string().min(1), interruptivePer100Patients: z.number().nonnegative() })),
  /** The share of the budget that each tier may fill: what is left above it is kept for the tiers above. */
  tierShare: z.strictObject({
    info: z.number().min(0).max(1),
    warning: z.number().min(0).max(1),
    critical: z.number().min(0).max(1),
  }),
});

export const alertPolicySchema = z.strictObject({
  /** Written into the provenance of decisions; change it with every change of the file. */
  version: z.string().min(1),
  /** Below it no alert is made at all; the finding stays on the pre-read. */
  raiseFrom: severity,
  /** From here on an alert is pushed and interrupts; below it waits on the page and on the card. */
  interruptiveFrom: severity,
  /** No probability floor, rate cap, cool-down or budget silences these. A rule switched off or an excluded account still does. */
  neverSilenced: z.array(severity),
  /** Used where neither the order nor the rule names a receiver. */
  audience,
  expiresAfterHours: perSeverity,
  /** What makes the same alert news again: besides a higher severity and a new finding, a probability higher by so much. */
  materialProbabilityStep: z.number().min(0).max(1),
  escalation: z.array(escalationStep),
  budget,
  rules: z.array(rule),
});
export type AlertPolicy = z.infer<typeof alertPolicySchema>;

/** Used where no rule of the policy matches. */
const PLAIN_RULE: AlertRule = Object.freeze({ match: '*', enabled: true, excludedLogins: [], coolDownHours: 0 });

/** The rule that governs a rule id, the first that matches. */
export function ruleFor(policy: AlertPolicy, ruleId: string): AlertRule {
  const matches = (pattern: string): boolean =>
    pattern.endsWith('*') ? ruleId.startsWith(pattern.slice(0, -1)) : ruleId === pattern;
  return policy.rules.find(({ match }) => matches(match)) ?? PLAIN_RULE;
}

export const rankOf = (level: Severity): number => SEVERITIES.indexOf(level);

/** True when an alert of this severity is pushed, and so counts against the budget. */
export const interrupts = (level: Severity, policy: AlertPolicy): boolean =>
  rankOf(level) >= rankOf(policy.interruptiveFrom);

const toRole = (role: string): Audience => ({ loginNames: [], departmentCodes: [], roles: [role] });

/** Acute scores: the physician on call after ten minutes, the head of the department after half an hour. */
const ACUTE_ESCALATION: EscalationStep[] = [
  { severity: 'critical', afterMinutes: 10, to: toRole('physician-on-call') },
  { severity: 'critical', afterMinutes: 30, to: toRole('head-of-department') },
];
const PHYSICIANS = toRole('physician');

/** Where a ward starts before it has simulated a policy of its own. */
export const defaultPolicy: AlertPolicy = {
  version: 'default-3',
  raiseFrom: 'info',
  interruptiveFrom: 'warning',
  neverSilenced: ['critical'],
  audience: toRole('radiologist'),
  // A critical finding is stale after a day, because by then the film has been read; the lower ones wait over a weekend or a week.
  expiresAfterHours: { critical: 24, warning: 72, info: 168 },
  materialProbabilityStep: 0.15,
  escalation: [
    {
      severity: 'critical',
      afterMinutes: 15,
      to: toRole('radiologist-on-call'),
    },
    {
      severity: 'critical',
      afterMinutes: 45,
      to: toRole('head-of-radiology'),
    },
    {
      severity: 'warning',
      afterMinutes: 240,
      to: toRole('radiologist-on-call'),
    },
  ],
  budget: {
    windowDays: 7,
    minimumPatients: 50,
    perRole: [
      { role: 'radiologist', interruptivePer100Patients: 40 },
      { role: 'physician', interruptivePer100Patients: 10 },
    ],
    tierShare: { info: 0.5, warning: 0.8, critical: 1 },
  },
  rules: [
    // Acute scores: their upper band asks for a doctor at the bedside now (NEWS2: emergency response; qSOFA: likely sepsis).
    {
      match: 'risk/news2',
      enabled: true,
      categories: { high: 'critical', medium: 'warning' },
      audience: PHYSICIANS,
      excludedLogins: [],
      coolDownHours: 4,
      expiresAfterHours: 12,
      escalation: ACUTE_ESCALATION,
    },
    {
      match: 'risk/qsofa',
      enabled: true,
      categories: { high: 'critical' },
      audience: PHYSICIANS,
      excludedLogins: [],
      coolDownHours: 4,
      expiresAfterHours: 12,
      escalation: ACUTE_ESCALATION,
    },
    {
      // The interface accounts that made 99 % of one rule's firings in a Vietnamese hospital's order check; for a risk flag they are
      // no readers. Imaging has none: a film that a robot ordered still shows what it shows.
      match: 'risk/*',
      enabled: true,
      categories: {
        high: 'warning',
        'very-high': 'warning',
        highest: 'warning',
        critical: 'warning',
        'advanced-fibrosis-likely': 'warning',
        g5: 'warning',
        'nephrology-referral': 'warning',
      },
      materialProbabilityStep: 0.05,
      audience: PHYSICIANS,
      excludedLogins: ['sys', 'mitalab', 'vietrad'],
      maximumPerHour: 60,
      coolDownHours: 24,
    },
    {
      // At its stated error rate a model of seventeen heads calls one of them positive on most films, rare ones at one percent. The order
      // of the worklist uses that; an alert that is wrong more than four times in five would only teach its readers to look away. A critical
      // finding is told from the operating point on all the same: `neverSilenced`.
      match: 'cxr-findings*',
      enabled: true,
      minimumProbability: 0.2,
      excludedLogins: [],
      maximumPerHour: 60,
      coolDownHours: 12,
    },
    { match: '*', enabled: true, excludedLogins: [], maximumPerHour: 60, coolDownHours: 12 },
  ],
};
