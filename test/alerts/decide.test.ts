import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '#alerts/decide/decide.ts';
import { type AlertPolicy, alertPolicySchema, defaultPolicy } from '#alerts/policy/policy.ts';
import type { Alert } from '#kernel/alert.ts';
import { PRIORITIES, type Reading } from '#kernel/finding.ts';
import { alertOf, context, finding, heads, later, NOW, policy, reading } from './fixtures.ts';

const codeOf = (decision: ReturnType<typeof decide>): string | undefined =>
  decision.kind === 'silence' ? decision.reason.code : decision.alert.suppressedBecause?.code;

const floor = {
  match: 'cxr-findings/*',
  enabled: true,
  excludedLogins: [],
  coolDownHours: 0,
  minimumProbability: 0.2,
};

describe('a reading becomes an alert', () => {
  test('its severity comes from the most urgent positive finding, not from the most probable', () => {
    const findings = [finding('Effusion', 0.99), finding('Pneumothorax', 0.7)];
    const alert = alertOf(decide(reading({ findings }), context(), policy()));
    expect(alert.severity).toBe('critical');
    expect(alert.summary).toEqual({
      vi: 'X-quang ngực: máy gợi ý tràn khí màng phổi (70%), kèm 1 dấu hiệu khác',
      en: 'Chest X-ray: the model suggests pneumothorax (70%), with 1 other finding',
    });
    expect(alert.evidence.map(({ code }) => code)).toEqual(['Pneumothorax', 'Effusion']);
  });

  test('an improbable urgent finding neither leads nor silences a probable one', () => {
    const findings = [finding('Hernia', 0.6), finding('Effusion', 0.05)];
    const alert = alertOf(decide(reading({ findings }), context(), policy({ rules: [floor] })));
    expect(alert.evidence.map(({ code }) => code)).toEqual(['Hernia']);
    expect(alert.severity).toBe('info');
  });

  test('a critical finding is told and leads however improbable it is, and the improbable lesser ones are left out', () => {
    // The film that stood first on the worklist and raised no alert: pneumothorax, positive at 17 %.
    const findings = [finding('Pneumothorax', 0.17), finding('Hernia', 0.6), finding('Effusion', 0.05)];
    for (const rules of [defaultPolicy.rules, [floor]]) {
      const alert = alertOf(decide(reading({ findings }), context(), policy({ rules })));
      expect(alert.severity).toBe('critical');
      expect(alert.evidence.map(({ code }) => code)).toEqual(['Pneumothorax', 'Hernia']);
    }
  });

  test('where the ward itself made the finding a lesser one, its floor holds; where it made it critical, it does not', () => {
    const findings = [finding('Pneumothorax', 0.17)];
    const lesser = { ...floor, severity: 'warning' as const };
    expect(codeOf(decide(reading({ findings }), context(), policy({ rules: [lesser] })))).toBe(
      'alerts.below-probability',
    );
    const raised = { ...floor, severity: 'critical' as const };
    const alert = alertOf(
      decide(reading({ findings: [finding('Effusion', 0.05)] }), context(), policy({ rules: [raised] })),
    );
    expect(alert.severity).toBe('critical');
  });

  test('a rule that is off, or an account that it excludes, silences its own finding and no other', () => {
    const findings = [finding('Pneumothorax', 0.9), finding('Effusion', 0.8)];
    const open = { enabled: true, excludedLogins: [], coolDownHours: 0 };
    const told = (changes: object) => {
      const rules = [
        { match: 'cxr-findings/Pneumothorax', ...open, ...changes },
        { match: '*', ...open },
      ];
      return alertOf(decide(reading({ findings }), context({ orderedBy: 'mitalab' }), policy({ rules })));
    };
    for (const changes of [{ enabled: false }, { excludedLogins: ['mitalab'] }]) {
      const alert = told(changes);
      expect([alert.severity, alert.suppressedBecause]).toEqual(['warning', undefined]);
      expect(alert.evidence.map(({ code }) => code)).toEqual(['Effusion']);
    }
    // What the ward calls most urgent leads.
    expect(told({ severity: 'info' }).dedupKey).toContain('cxr-findings/Effusion:');
  });

  test('a critical head that is there for the order of the worklist alone is told all the same', () => {
    const ordering = heads.map((head) =>
      head.code === 'any-abnormality' ? { ...head, priority: 'critical' as const } : head,
    );
    const findings = [finding('any-abnormality', 0.3), finding('Effusion', 0.9)];
    const alert = alertOf(decide(reading({ findings }), context({ heads: ordering }), policy()));
    expect([alert.severity, alert.evidence[0]?.code]).toEqual(['critical', 'any-abnormality']);
  });

  test('nothing but the ward’s own word keeps a positive critical finding silent: no probability, account, load or earlier film', () => {
    const anyFinding = fc.record({
      code: fc.constantFrom(...heads.map(({ code }) => code)),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      decision: fc.constantFrom('positive' as const, 'negative' as const, 'indeterminate' as const),
    });
    const anyRule = fc.record({
      match: fc.constantFrom('cxr-findings/Pneumothorax', 'cxr-findings*', 'cxr-findings-tiny*', '*'),
      enabled: fc.constant(true),
      excludedLogins: fc.constant<string[]>([]),
      minimumProbability: fc.double({ min: 0, max: 1, noNaN: true }),
      maximumPerHour: fc.integer({ min: 1, max: 3 }),
      coolDownHours: fc.integer({ min: 0, max: 100 }),
    });
    const anyRules = fc.oneof(
      fc.constant(defaultPolicy.rules),
      fc.array(anyRule, { maxLength: 3 }).map((rules): AlertPolicy['rules'] => rules),
    );
    const anyLoad = fc.record({
      raisedLastHour: fc.dictionary(
        fc.constantFrom('cxr-findings/Pneumothorax', 'cxr-findings-tiny/Pneumothorax'),
        fc.nat(500),
      ),
      interruptiveByRole: fc.dictionary(fc.constant('radiologist'), fc.nat(500)),
      patients: fc.nat(500),
    });
    const anyCase = fc.record({
      modelId: fc.constantFrom('cxr-findings', 'cxr-findings-tiny'),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      others: fc.array(anyFinding, { maxLength: 5 }),
      rules: anyRules,
      load: fc.option(anyLoad, { nil: undefined }),
      orderedBy: fc.option(fc.constantFrom('sys', 'bs01'), { nil: undefined }),
      raiseFrom: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
      earlier: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(anyCase, ({ modelId, probability, others, rules, load, orderedBy, raiseFrom, earlier }) => {
        const provenance = { ...reading().provenance, modelId };
        const ruled = policy({ rules, raiseFrom });
        const previous = earlier.map((before, index) =>
          alertOf(
            decide(
              reading({ studyUid: `1.2.9.${index}`, findings: [finding('Pneumothorax', before)], provenance }),
              context(),
              ruled,
            ),
          ),
        );
        const findings = [
          ...others.filter(({ code }) => code !== 'Pneumothorax'),
          finding('Pneumothorax', probability),
        ];
        const decision = decide(
          reading({ findings, provenance }),
          context({ previous, ...(load && { load }), ...(orderedBy && { orderedBy }) }),
          ruled,
        );
        const alert = alertOf(decision);
        expect([alert.severity, alert.suppressedBecause]).toEqual(['critical', undefined]);
        expect(alert.evidence[0]?.code).toBe('Pneumothorax');
      }),
    );
  });

  test('it names its study, source, receivers and expiry', () => {
    const alert = alertOf(
      decide(reading(), context({ audience: { loginNames: ['bs01'], departmentCodes: ['K03'] } }), policy()),
    );
    expect(alert.dedupKey).toBe('cxr-findings/Pneumothorax:study:1.2.3.4:findings');
    expect(alert.sourceId).toBe(reading().id);
    expect(alert.audience).toEqual({ loginNames: ['bs01'], departmentCodes: ['K03'], roles: ['radiologist'] });
    // critical: 24 hours
    expect(alert.expiresAt).toBe(later(24).toISOString());
    expect(alert.status).toBe('new');
  });

  test('the same reading gives the same alert again, so that a retry changes nothing', () => {
    expect(decide(reading(), context(), policy())).toEqual(decide(reading(), context(), policy()));
  });

  test('an upload that is no DICOM says first that it is not for clinical use', () => {
    const alert = alertOf(decide(reading({ notForClinicalUse: true }), context(), policy()));
    expect(alert.limitations[0]?.en).toContain('not for clinical decisions');
  });

  test('no certainty of 100 % is ever written', () => {
    const alert = alertOf(decide(reading({ findings: [finding('Pneumothorax', 0.9999)] }), context(), policy()));
    expect(alert.summary.en).toContain('>99%');
  });

  test('the summary fits a card in both languages however long the title is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }), (title) => {
        const long = heads.map((head) => ({ ...head, title: { vi: title, en: title } }));
        const { summary } = alertOf(decide(reading(), context({ heads: long }), policy()));
        expect(summary.vi.length).toBeLessThanOrEqual(139);
        expect(summary.en.length).toBeLessThanOrEqual(139);
        expect(summary.vi).toContain('93%');
        expect(summary.vi.isWellFormed()).toBe(title.isWellFormed());
      }),
    );
  });
});

describe('a silence has a reason', () => {
  test('a study that was not assessed passes on why, and is no negative', () => {
    const reason = { code: 'preread.lateral', text: { vi: 'Phim nghiêng', en: 'Lateral film' } };
    expect(decide(reading({ outcome: 'not-assessed', reasons: [reason], findings: [] }), context(), policy())).toEqual({
      kind: 'silence',
      reason,
    });
    expect(codeOf(decide(reading({ outcome: 'failed', findings: [] }), context(), policy()))).toBe('alerts.failed');
  });

  test('negative, indeterminate and "only abnormal somehow" are told apart', () => {
    const say = (findings: Reading['findings']) => codeOf(decide(reading({ findings }), context(), policy()));
    expect(say([finding('Effusion', 0.1, 'negative')])).toBe('alerts.nothing-positive');
    expect(say([finding('Effusion', 0.4, 'indeterminate')])).toBe('alerts.indeterminate');
    expect(say([finding('any-abnormality', 0.8)])).toBe('alerts.worklist-only');
  });

  test('a rule that the hospital switched off, and a probability or severity below its bar, stay silent', () => {
    const rule = { match: 'cxr-findings/*', enabled: true, excludedLogins: [], coolDownHours: 0 };
    const ruled = (changes: object) => policy({ rules: [{ ...rule, ...changes }] });
    expect(codeOf(decide(reading(), context(), ruled({ enabled: false })))).toBe('alerts.rule-off');
    const effusion = reading({ findings: [finding('Effusion', 0.93)], priority: 'urgent' });
    expect(codeOf(decide(effusion, context(), ruled({ minimumProbability: 0.95 })))).toBe('alerts.below-probability');
    expect(codeOf(decide(reading(), context(), policy({ ...ruled({ severity: 'info' }), raiseFrom: 'warning' })))).toBe(
      'alerts.below-severity',
    );
  });

  test('every reading whatever gets an alert or a reason in both languages', () => {
    const anyFinding = fc.record({
      code: fc.constantFrom('Pneumothorax', 'Effusion', 'Hernia', 'any-abnormality', 'unheard-of'),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      decision: fc.constantFrom('positive' as const, 'negative' as const, 'indeterminate' as const),
    });
    const anyReading = fc.record({
      outcome: fc.constantFrom('assessed' as const, 'not-assessed' as const, 'failed' as const),
      findings: fc.array(anyFinding, { maxLength: 6 }),
      priority: fc.constantFrom(...PRIORITIES),
      notForClinicalUse: fc.boolean(),
    });
    fc.assert(
      fc.property(anyReading, (changes) => {
        const decision = decide(reading(changes), context(), policy());
        const told =
          decision.kind === 'silence'
            ? Object.values(decision.reason.text)
            : [...Object.values(decision.alert.summary), Object.values(decision.alert.audience).flat().join()];
        expect(told).not.toContain('');
        expect(decision.kind === 'silence' || changes.outcome === 'assessed').toBe(true);
      }),
    );
  });
});

describe('the same thing is not told twice', () => {
  const first = alertOf(decide(reading(), context(), policy()));
  const again = (before: Partial<Alert>, changes: Partial<Reading> = {}) =>
    decide(
      reading({ id: '00000000-0000-4000-8000-000000000002', ...changes }),
      context({ previous: [{ ...first, ...before }], now: later(1) }),
      policy(),
    );

  test('while the first is open, and after a clinician decided, the same finding stays silent', () => {
    expect(codeOf(again({ status: 'new' }))).toBe('alerts.already-told');
    expect(codeOf(again({ status: 'acknowledged' }))).toBe('alerts.already-told');
    expect(codeOf(again({ status: 'overridden' }))).toBe('alerts.already-decided');
    expect(codeOf(again({ status: 'false-positive' }))).toBe('alerts.already-decided');
    expect(codeOf(again({ status: 'expired' }))).toBe('alerts.already-told');
  });

  test('a new finding is news, also after an override, and replaces what is open', () => {
    const findings = [finding('Pneumothorax', 0.93), finding('Effusion', 0.8)];
    const open = again({ status: 'seen' }, { findings });
    expect(open.kind === 'alert' && open.supersedes).toBe(first.id);
    const decided = again({ status: 'overridden' }, { findings });
    expect(decided.kind).toBe('alert');
  });

  test('a probability higher by the step is news, a little higher is none, lower is none', () => {
    // first was told at 0.80, the step is 0.15
    const before = { evidence: [{ code: 'Pneumothorax', text: first.summary, value: 0.8 }] };
    expect(again(before, { findings: [finding('Pneumothorax', 0.96)] }).kind).toBe('alert');
    expect(codeOf(again(before, { findings: [finding('Pneumothorax', 0.94)] }))).toBe('alerts.already-told');
    expect(codeOf(again(before, { findings: [finding('Pneumothorax', 0.5)] }))).toBe('alerts.already-told');
  });

  test('what was suppressed before may be told now', () => {
    const reason = { code: 'alerts.budget', text: first.summary };
    expect(again({ suppressedBecause: reason }).kind).toBe('alert');
  });
});

describe('a suppressed alert is made and counted, with its reason', () => {
  const effusion = reading({ findings: [finding('Effusion', 0.8)], priority: 'urgent' });

  test('an account on the list of the rule, even for a critical finding, because the ward wrote it down', () => {
    const rules = [{ match: '*', enabled: true, excludedLogins: ['mitalab'], coolDownHours: 0 }];
    expect(codeOf(decide(reading(), context({ orderedBy: 'mitalab' }), policy({ rules })))).toBe(
      'alerts.excluded-account',
    );
  });

  test('the next film of the same patient with the same finding falls into the cool-down', () => {
    const before = { ...alertOf(decide(effusion, context(), policy())), status: 'acknowledged' as const };
    const next = { ...effusion, id: '00000000-0000-4000-8000-000000000003', studyUid: '1.2.3.5' };
    const at = (hours: number) => codeOf(decide(next, context({ previous: [before], now: later(hours) }), policy()));
    // 12 hours in the default policy
    expect(at(11)).toBe('alerts.cool-down');
    expect(at(12)).toBeUndefined();
  });

  test('a rule that fires too often is capped; a critical finding never is', () => {
    const load = {
      raisedLastHour: { 'cxr-findings/Effusion': 60, 'cxr-findings/Pneumothorax': 60 },
      interruptiveByRole: {},
      patients: 0,
    };
    expect(codeOf(decide(effusion, context({ load }), policy()))).toBe('alerts.rate-cap');
    expect(codeOf(decide(reading(), context({ load }), policy()))).toBeUndefined();
  });

  test('the budget: a warning gives way at its share, a critical finding does not', () => {
    // 40 per 100 patients, 100 patients, warnings may fill 0.8 of it: 32
    const load = (used: number) => ({ raisedLastHour: {}, interruptiveByRole: { radiologist: used }, patients: 100 });
    expect(codeOf(decide(effusion, context({ load: load(31) }), policy()))).toBeUndefined();
    expect(codeOf(decide(effusion, context({ load: load(32) }), policy()))).toBe('alerts.budget');
    expect(codeOf(decide(reading(), context({ load: load(99) }), policy()))).toBeUndefined();
  });

  test('what does not interrupt costs no budget', () => {
    const load = { raisedLastHour: {}, interruptiveByRole: { radiologist: 99 }, patients: 100 };
    const hernia = reading({ findings: [finding('Hernia', 0.8)], priority: 'routine' });
    expect(codeOf(decide(hernia, context({ load }), policy()))).toBeUndefined();
  });
});

describe('the policy', () => {
  test('the default one passes its own schema', () => {
    expect(alertPolicySchema.parse(defaultPolicy)).toEqual(defaultPolicy);
  });

  test('"everybody" cannot be written down', () => {
    const audience = { loginNames: [], departmentCodes: [], roles: [] };
    expect(alertPolicySchema.safeParse({ ...defaultPolicy, audience }).success).toBe(false);
  });

  test('blank receivers do not count as receivers', () => {
    const alert = alertOf(decide(reading(), context({ audience: { loginNames: [' ', ''] } }), policy()));
    expect(alert.audience.loginNames).toEqual([]);
    expect(alert.createdAt).toBe(NOW.toISOString());
  });
});
