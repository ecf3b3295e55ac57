import { describe, expect, test } from 'vitest';
import { decideRisk, type RiskFlag } from '#alerts/decide/decide-risk.ts';
import { alertOf, context, later, policy, reading } from './fixtures.ts';

const both = (text: string) => ({ vi: text, en: text });

const flag = (changes: Partial<RiskFlag> = {}): RiskFlag => ({
  facilityId: 'local',
  sourceId: '7d2f3a0e-0a41-4a41-9c0c-0c1dbf1c7a56',
  equationId: 'who-cvd-2019-lab-sea',
  title: { vi: 'Nguy cơ tim mạch 10 năm', en: '10-year cardiovascular risk' },
  result: { vi: '21,4 %', en: '21.4 %' },
  risk: 0.214,
  category: { code: 'very high', title: { vi: 'Rất cao', en: 'Very high' } },
  contributions: [{ code: 'sbp', text: both('168 mmHg'), value: 0.079 }],
  limitations: [],
  provenance: { ...reading().provenance, modelId: 'risk-who' },
  ...changes,
});

const codeOf = (decision: ReturnType<typeof decideRisk>): string | undefined =>
  decision.kind === 'silence' ? decision.reason.code : decision.alert.suppressedBecause?.code;

describe('a risk becomes a flag', () => {
  test('a limitation that the equation shares with every alert stands once', () => {
    const own = { vi: 'Không tính BMI', en: 'Without BMI' };
    const first = alertOf(decideRisk(flag(), context(), policy())).limitations;
    const again = alertOf(decideRisk(flag({ limitations: [...first, own, own] }), context(), policy())).limitations;
    expect(again).toEqual([...first, own]);
  });

  test('by its category, with what drives it', () => {
    const alert = alertOf(decideRisk(flag(), context(), policy()));
    expect(alert.severity).toBe('warning');
    expect(alert.summary).toEqual({
      vi: 'Nguy cơ tim mạch 10 năm: 21,4 % (rất cao)',
      en: '10-year cardiovascular risk: 21.4 % (very high)',
    });
    expect(alert.dedupKey).toBe('risk/who-cvd-2019-lab-sea:patient:0000099901:who-cvd-2019-lab-sea');
    expect(alert.audience.roles).toEqual(['physician']);
    expect(alert.detail.en).toContain('168 mmHg');
  });

  test('by a threshold that the ward set, the higher of both counting', () => {
    const rule = { match: 'risk/*', enabled: true, excludedLogins: [], coolDownHours: 0 };
    const riskFrom = [
      { from: 0.1, severity: 'info' as const },
      { from: 0.2, severity: 'critical' as const },
    ];
    const ward = policy({ rules: [{ ...rule, riskFrom, categories: { 'very-high': 'warning' } }] });
    expect(alertOf(decideRisk(flag(), context(), ward)).severity).toBe('critical');
    expect(alertOf(decideRisk(flag({ risk: 0.15 }), context(), ward)).severity).toBe('warning');
  });

  test('below category and threshold it is a silence that says so', () => {
    const low = flag({ risk: 0.01, category: { code: 'low', title: both('Low') } });
    expect(codeOf(decideRisk(low, context(), policy()))).toBe('alerts.risk-below-threshold');
  });

  test('NEWS2 in its upper band is critical, points have no risk', () => {
    const { risk: _risk, ...points } = flag({ equationId: 'news2', category: { code: 'High', title: both('High') } });
    expect(alertOf(decideRisk(points, context(), policy())).severity).toBe('critical');
  });
});

describe('the same risk is not told again', () => {
  const before = alertOf(decideRisk(flag(), context(), policy()));
  const next = (risk: number, status: 'overridden' | 'expired' | 'new', hours = 48) =>
    decideRisk(
      flag({
        sourceId: '7d2f3a0e-0a41-4a41-9c0c-0c1dbf1c7a57',
        risk,
        contributions: [{ code: 'smoker', text: both('x') }],
      }),
      context({ previous: [{ ...before, status }], now: later(hours) }),
      policy(),
    );

  test('other contributions are no news, five points of risk more are', () => {
    expect(codeOf(next(0.26, 'overridden'))).toBe('alerts.already-decided');
    expect(next(0.27, 'overridden').kind).toBe('alert');
  });

  test('a state that is still there after the first alert ran out is told again, after the cool-down', () => {
    expect(next(0.214, 'expired').kind).toBe('alert');
    expect(codeOf(next(0.214, 'expired'))).toBeUndefined();
    expect(codeOf(next(0.214, 'expired', 23))).toBe('alerts.cool-down');
  });
});
