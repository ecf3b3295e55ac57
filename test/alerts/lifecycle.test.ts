import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  act,
  actTolerantly,
  hasExpired,
  isOpen,
  mayBecome,
  replay,
  type AlertAction,
} from '#alerts/lifecycle/lifecycle.ts';
import { decide } from '#alerts/decide/decide.ts';
import { OVERRIDE_REASONS, overrideReasonText, reasonsFor } from '#alerts/lifecycle/override-reasons.ts';
import { CareError } from '#kernel/errors.ts';
import { ALERT_STATUSES, type Alert } from '#kernel/alert.ts';
import { alertOf, context, later, NOW, policy, reading } from './fixtures.ts';

const fresh = alertOf(decide(reading(), context(), policy()));
const by = (eventId = 'e1') => ({ eventId, at: NOW, actor: 'bs01', channel: 'web' });

const anyAction: fc.Arbitrary<AlertAction> = fc.oneof(
  fc.constantFrom<AlertAction>(
    { kind: 'seen' },
    { kind: 'acknowledged' },
    { kind: 'false-positive' },
    { kind: 'resolved', reasonCode: 'superseded' },
    { kind: 'expired' },
    { kind: 'note', comment: 'gọi điện cho khoa' },
    { kind: 'escalated', step: 0, to: { loginNames: [], departmentCodes: [], roles: ['head'] } },
  ),
  fc.record({
    kind: fc.constant('overridden' as const),
    reasonCode: fc.oneof(fc.constantFrom<string>(...OVERRIDE_REASONS), fc.string()),
    comment: fc.string(),
  }),
);

/** Runs actions one after the other; what is refused leaves everything as it was. */
function walk(actions: readonly AlertAction[], step: typeof act) {
  let alert: Alert = fresh;
  const events = [];
  const statuses = [alert.status];
  for (const [index, action] of actions.entries()) {
    try {
      const acted = step(alert, action, by(`e${index}`));
      alert = acted.alert;
      events.push(acted.event);
      statuses.push(alert.status);
    } catch (error) {
      const refused = error instanceof CareError && /^alerts\.(transition|reason-required)$/.test(error.code);
      if (!refused) throw error;
    }
  }
  return { alert, events, statuses };
}

describe('the life of an alert', () => {
  test('seen, then acknowledged, then over', () => {
    const seen = act(fresh, { kind: 'seen' }, by());
    expect(seen.event).toEqual({
      id: 'e1',
      alertId: fresh.id,
      at: NOW.toISOString(),
      actor: 'bs01',
      channel: 'web',
      kind: 'seen',
      to: 'seen',
    });
    const acknowledged = act(seen.alert, { kind: 'acknowledged', comment: 'đã xem' }, by());
    expect(acknowledged.alert.status).toBe('acknowledged');
    expect(act(acknowledged.alert, { kind: 'resolved' }, by()).alert.status).toBe('resolved');
  });

  test('an override needs a coded reason, and "other" a comment', () => {
    const override =
      (reasonCode: string, comment = '') =>
      () =>
        act(fresh, { kind: 'overridden', reasonCode, comment }, by());
    expect(override('because')).toThrow('alerts.reason-required');
    expect(override('other', '  ')).toThrow('alerts.reason-required');
    expect(override('other', 'người bệnh xin về').call(null).alert.status).toBe('overridden');
    expect(override('disagree')().event.reasonCode).toBe('disagree');
  });

  test('every override reason has words in both languages', () => {
    for (const code of OVERRIDE_REASONS) expect(overrideReasonText(code).vi).not.toBe(overrideReasonText(code).en);
  });

  test('a risk is not overridden for the quality of a film, nor a film for outdated values', () => {
    const risk = reasonsFor({ subject: { patientCode: 'P' } });
    const film = reasonsFor({ subject: { patientCode: 'P', studyUid: '1.2' } });
    expect(risk).toContain('wrong-data');
    expect(risk).not.toContain('image-quality');
    expect(film).toContain('image-quality');
    expect(film).not.toContain('wrong-data');
    for (const code of ['already-known', 'disagree', 'other'] as const) {
      expect(risk).toContain(code);
      expect(film).toContain(code);
    }
  });

  test('a decision that comes too late is kept and changes nothing', () => {
    const expired = act(fresh, { kind: 'expired' }, by()).alert;
    expect(() => act(expired, { kind: 'acknowledged' }, by())).toThrow('alerts.transition');
    const late = actTolerantly(expired, { kind: 'acknowledged' }, by('late'));
    expect(late.alert).toEqual(expired);
    expect(late.event).toMatchObject({
      kind: 'acknowledged',
      detail: { tooLateFor: 'acknowledged', statusWas: 'expired' },
    });
    expect(late.event.to).toBeUndefined();
  });

  test('an alert expires at its time, not before, and not once somebody took it on', () => {
    expect(hasExpired(fresh, later(23.99))).toBe(false);
    expect(hasExpired(fresh, later(24))).toBe(true);
    expect(hasExpired({ ...fresh, status: 'acknowledged' }, later(24))).toBe(false);
  });
});

describe('whatever is done in whatever order', () => {
  const anyWalk = fc.array(anyAction, { maxLength: 12 });

  test('each step is one that the table allows, and an end stays the end', () => {
    fc.assert(
      fc.property(anyWalk, (actions) => {
        const { statuses } = walk(actions, act);
        const moves = statuses.slice(1).map((to, index) => ({ from: statuses[index] ?? 'new', to }));
        const odd = moves.filter(({ from, to }) => from !== to && !(mayBecome(from, to) && isOpen(from)));
        expect(odd).toEqual([]);
      }),
    );
  });

  test('the events alone give the same status again, also when some arrive twice', () => {
    fc.assert(
      fc.property(anyWalk, fc.array(fc.nat()), (actions, picks) => {
        const { alert, events } = walk(actions, actTolerantly);
        expect(replay('new', events)).toBe(alert.status);
        const doubled = events.flatMap((event, index) => (picks.includes(index) ? [event, event] : [event]));
        expect(replay('new', doubled)).toBe(alert.status);
      }),
    );
  });

  test('no overridden alert is without a coded reason in its history', () => {
    fc.assert(
      fc.property(anyWalk, (actions) => {
        const { alert, events } = walk(actions, actTolerantly);
        fc.pre(alert.status === 'overridden');
        const override = events.find(({ to }) => to === 'overridden');
        expect(OVERRIDE_REASONS).toContain(override?.reasonCode);
      }),
    );
  });

  test('nothing but the status ever changes', () => {
    fc.assert(
      fc.property(anyWalk, (actions) => {
        const { alert } = walk(actions, actTolerantly);
        expect({ ...alert, status: 'new' }).toEqual(fresh);
        expect(ALERT_STATUSES).toContain(alert.status);
      }),
    );
  });
});
