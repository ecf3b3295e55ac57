// Response times of alerts: the arithmetic by hand, and open alerts are never left out.
import { expect, test } from 'vitest';
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import { decide } from '#alerts/decide/decide.ts';
import type { FollowedAlert } from '#alerts/figures/figures.ts';
import { responseFigures } from '#alerts/figures/response.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { alertOf, context, later, NOW, policy, reading } from './fixtures.ts';

const raised = alertOf(decide(reading(), context(), policy()));
let count = 0;

function followed(
  parts: Partial<Alert>,
  ended?: { readonly to: AlertStatus; readonly after: number; readonly by?: string },
) {
  count += 1;
  const alert: Alert = { ...raised, id: `a${count}`, ...parts, status: ended?.to ?? 'new' };
  const event: AlertEvent | undefined = ended && {
    id: `e${count}`,
    alertId: alert.id,
    at: new Date(Date.parse(alert.createdAt) + ended.after * 60_000).toISOString(),
    actor: ended.by ?? 'bs01',
    channel: 'web',
    kind: ended.to,
    to: ended.to,
  };
  return { alert, events: event === undefined ? [] : [event] } satisfies FollowedAlert;
}

const to = (roles: readonly string[], departmentCodes: readonly string[] = []) => ({
  audience: { loginNames: [], departmentCodes, roles },
});

test('figures per severity, receiver and ward; what nobody answered stands by age, what ran out apart', () => {
  const rows = responseFigures(
    [
      followed(to(['radiologist'], ['CDHA']), { to: 'acknowledged', after: 6 }),
      followed({ ...to(['physician'], ['CDHA', 'HSCC']), severity: 'warning' }, { to: 'overridden', after: 30 }),
      // Ran out after 24 hours: no answer, although its status changed.
      followed({ ...to(['physician']), severity: 'warning' }, { to: 'expired', after: 1_440, by: 'system' }),
      // Three wait for 48, 2 and 0.2 hours.
      ...[48, 2, 0.2].map((hours) => followed({ ...to(['radiologist']), createdAt: later(48 - hours).toISOString() })),
      followed({ ...to(['radiologist']), suppressedBecause: { code: 'alerts.budget', text: raised.summary } }),
    ],
    later(48),
  );
  const row = (group: string, name = '') => rows.find((each) => each.group === group && each.name === name);
  expect(row('all')).toMatchObject({ told: 6, answered: 2, ended: 1, p90Minutes: null });
  expect(row('all')?.unanswered.map(({ fromMinutes, n }) => [fromMinutes, n])).toEqual([
    [0, 1],
    [15, 0],
    [60, 1],
    [240, 0],
    [1_440, 1],
  ]);
  expect(row('severity', 'warning')).toMatchObject({ told: 2, answered: 1, ended: 1, medianMinutes: 30 });
  expect(row('role', 'radiologist')).toMatchObject({ told: 4, answered: 1, ended: 0 });
  expect(row('ward', 'CDHA')).toMatchObject({ told: 2, answered: 2, medianMinutes: 6 });
  expect(row('ward', 'HSCC')).toMatchObject({ told: 1, medianMinutes: 30 });
  // The gravest first.
  expect(rows.filter(({ group }) => group === 'severity').map(({ name }) => name)).toEqual(['critical', 'warning']);
});

test('a ninth decile stands on ten alerts at least', () => {
  const nine = Array.from({ length: 9 }, (_, place) => followed({}, { to: 'acknowledged', after: place + 1 }));
  const ten = [...nine, followed({}, { to: 'acknowledged', after: 10 })];
  expect(responseFigures(nine, NOW)[0]).toMatchObject({ told: 9, medianMinutes: 5, p90Minutes: null });
  expect(responseFigures(ten, NOW)[0]).toMatchObject({ told: 10, medianMinutes: 5, p90Minutes: 9 });
});
