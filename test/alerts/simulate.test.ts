import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHistoryLine, type HistoryRow } from '#alerts/decide/history.ts';
import { measureLoad } from '#alerts/decide/reader-load.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { readPolicy } from '#alerts/policy/read-policy.ts';
import { rollingLoad } from '#alerts/decide/rolling-load.ts';
import { share } from '#research/statistics/share.ts';
import { simulate } from '#alerts/figures/simulate.ts';
import { decide } from '#alerts/decide/decide.ts';
import { alertOf, context, finding, later, NOW, policy, reading } from './fixtures.ts';

const row = (hours: number, patient: string, findings: Partial<HistoryRow['findings'][number]>[]): HistoryRow => ({
  at: later(hours).toISOString(),
  patient,
  study: `study-${patient}-${hours}`,
  findings: findings.map((one) => ({
    rule: 'cxr-findings/Effusion',
    severity: 'warning',
    probability: 0.8,
    positive: true,
    ...one,
  })),
});

describe('a policy is tried on history', () => {
  test('alerts, hits and misses are counted against what was true', () => {
    const report = simulate(
      [
        row(0, 'a', [{ present: true }]),
        row(1, 'b', [{ present: false }]),
        row(2, 'c', [{ positive: false, present: true, probability: 0.3 }]),
        row(3, 'd', []),
        row(4, 'e', [{}]),
      ],
      policy(),
    );
    expect(report).toMatchObject({ rows: 5, patients: 5, raised: 3, interruptive: 3, suppressed: 0 });
    // Known truths among alerts: a true, b false; e is unknown. Truly there: a and c, of which a was told.
    expect(report.ppv).toMatchObject({ value: 0.5, n: 2 });
    expect(report.sensitivity).toMatchObject({ value: 0.5, n: 2 });
    // Three interruptions among five patients.
    expect(report.interruptivePer100Patients).toEqual({ radiologist: 60 });
  });

  test('as at run time, an improbable warning neither leads nor is told, and an improbable critical finding is', () => {
    const report = simulate(
      [
        row(0, 'a', [{ probability: 0.1 }, { rule: 'cxr-findings/Hernia', severity: 'info', probability: 0.9 }]),
        row(1, 'b', [{ probability: 0.1 }]),
        row(2, 'c', [
          { probability: 0.9 },
          { rule: 'cxr-findings-tiny/Pneumothorax', severity: 'critical', probability: 0.15 },
        ]),
      ],
      policy(),
    );
    expect(report.rules.map(({ rule, raised }) => [rule, raised])).toEqual([
      ['cxr-findings-tiny/Pneumothorax', 1],
      ['cxr-findings/Effusion', 0],
      ['cxr-findings/Hernia', 1],
    ]);
    expect(report.silences).toEqual({ 'alerts.below-probability': 1 });
  });

  test('what the cool-down keeps silent is listed, with whether it was true', () => {
    const report = simulate([row(0, 'a', [{ present: true }]), row(1, 'a', [{ present: true }])], policy());
    expect(report.suppressions).toEqual({ 'alerts.cool-down': 1 });
    expect(report.suppressedCases).toEqual([
      {
        row: 2,
        rule: 'cxr-findings/Effusion',
        severity: 'warning',
        probability: 0.8,
        because: 'alerts.cool-down',
        present: true,
      },
    ]);
  });

  test('under a budget the warnings give way and every critical finding is told', () => {
    const history = Array.from({ length: 400 }, (_, index) =>
      row(index / 10, `p${index}`, [
        index % 4 === 0 ? { rule: 'cxr-findings/Pneumothorax', severity: 'critical' } : {},
      ]),
    );
    const budget = { ...defaultPolicy.budget, perRole: [{ role: 'radiologist', interruptivePer100Patients: 40 }] };
    const uncapped = defaultPolicy.rules.map(({ maximumPerHour: _cap, ...rule }) => rule);
    const report = simulate(history, policy({ budget, rules: uncapped }));
    const pneumothorax = report.rules.find(({ rule }) => rule === 'cxr-findings/Pneumothorax');
    expect(pneumothorax).toMatchObject({ raised: 100, suppressed: 0 });
    expect(report.suppressions['alerts.budget']).toBeGreaterThan(0);
    // The warnings stop at 0.8 of 40 per 100; before 50 patients are known the budget does not bind, so some more slip through.
    expect(report.interruptivePer100Patients['radiologist']).toBeLessThan(45);
    expect(report.raised + report.suppressed).toBe(400);
  });

  test('a looser budget never loses a case that a tighter one tells', () => {
    const anyHistory = fc.array(
      fc.record({ gap: fc.double({ min: 0.01, max: 5, noNaN: true }), patient: fc.nat(30) }),
      {
        minLength: 50,
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(
        anyHistory,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        (steps, tight, more) => {
          let hours = 0;
          const history = steps.map(({ gap, patient }) => {
            hours += gap;
            return row(hours, `p${patient}`, [{ present: true }]);
          });
          const raisedWith = (rate: number) =>
            simulate(
              history,
              policy({
                rules: [{ match: '*', enabled: true, excludedLogins: [], coolDownHours: 0 }],
                budget: {
                  ...defaultPolicy.budget,
                  minimumPatients: 10,
                  perRole: [{ role: 'radiologist', interruptivePer100Patients: rate }],
                },
              }),
            ).raised;
          expect(raisedWith(tight + more)).toBeGreaterThanOrEqual(raisedWith(tight));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('the rolling load equals the load counted from scratch', () => {
    const kinds = [finding('Pneumothorax', 0.9), finding('Effusion', 0.9), finding('Hernia', 0.9)];
    const steps = fc.array(
      fc.record({ gap: fc.double({ min: 0, max: 50, noNaN: true }), kind: fc.nat(2), patient: fc.nat(5) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (walk) => {
        const rolling = rollingLoad(policy());
        const seen: { patient: string; atMs: number }[] = [];
        const alerts = [];
        let hours = 0;
        for (const { gap, kind, patient } of walk) {
          hours += gap;
          const now = later(hours);
          const alert = alertOf(decide(reading({ findings: kinds.slice(kind, kind + 1) }), context({ now }), policy()));
          alerts.push(alert);
          rolling.raised(alert);
          rolling.patientSeen(`p${patient}`, now);
          seen.push({ patient: `p${patient}`, atMs: now.getTime() });
          const weekMs = 7 * 24 * 3_600_000;
          const patients = new Set(seen.filter(({ atMs }) => now.getTime() - atMs < weekMs).map((one) => one.patient))
            .size;
          expect(rolling.now(now)).toEqual(measureLoad(alerts, patients, { now, policy: policy() }));
        }
      }),
    );
  });
});

describe('files of the ward', () => {
  test('a policy that is wrong is refused with the field named', () => {
    expect(readPolicy(JSON.stringify(defaultPolicy))).toEqual(defaultPolicy);
    expect(() => readPolicy('{')).toThrow('alerts.policy');
    const { version: _version, ...rest } = defaultPolicy;
    expect(() => readPolicy(JSON.stringify(rest))).toThrow(expect.objectContaining({ field: 'version' }));
    expect(() => readPolicy(JSON.stringify({ ...defaultPolicy, budgets: 1 }))).toThrow('budgets');
  });

  test('a history line that is wrong is refused with line and field, a blank one is skipped', () => {
    expect(readHistoryLine('  ', 1)).toBeNull();
    const good = row(0, 'a', [{}]);
    expect(readHistoryLine(JSON.stringify(good), 1)).toEqual(good);
    expect(() => readHistoryLine(JSON.stringify({ ...good, at: 'yesterday' }), 7)).toThrow(
      expect.objectContaining({ field: 'line 7: at' }),
    );
    expect(() => readHistoryLine('nonsense', 8)).toThrow(expect.objectContaining({ field: 'line 8' }));
  });
});

test("Wilson's interval for 8 of 10", () => {
  // z² = 3.84146; centre = (0.8 + 0.192073) / 1.384146 = 0.716735; half = 1.959964 / 1.384146 × sqrt(0.016 + 0.0096036) = 0.226576
  const { lower, upper } = share(8, 10);
  expect(lower).toBeCloseTo(0.490159, 4);
  expect(upper).toBeCloseTo(0.943311, 4);
  expect(share(0, 0)).toEqual({ value: null, lower: null, upper: null, n: 0 });
  expect(NOW.getTime()).toBeGreaterThan(0);
});
