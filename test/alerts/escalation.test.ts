import { expect, test } from 'vitest';
import { act } from '#alerts/lifecycle/lifecycle.ts';
import { decide } from '#alerts/decide/decide.ts';
import { dueEscalations, escalationOf } from '#alerts/lifecycle/escalation.ts';
import { measureLoad } from '#alerts/decide/reader-load.ts';
import { alertOf, context, finding, later, policy, reading } from './fixtures.ts';

const critical = alertOf(decide(reading(), context(), policy()));
const at = (minutes: number) => ({ now: later(minutes / 60), policy: policy() });
const system = { eventId: 'x', at: later(0.25), actor: 'system', channel: 'alerts' };

test('a critical alert that nobody answered goes to the one on call after 15 minutes and to the head after 45', () => {
  expect(dueEscalations(critical, [], at(14))).toEqual([]);
  expect(dueEscalations(critical, [], at(15)).map(({ to }) => to.roles)).toEqual([['radiologist-on-call']]);
  expect(dueEscalations(critical, [], at(60)).map(({ to }) => to.roles)).toEqual([
    ['radiologist-on-call'],
    ['head-of-radiology'],
  ]);
});

test('each step is taken once, and to have seen it is no answer', () => {
  const [due] = dueEscalations(critical, [], at(15));
  const seen = act(critical, { kind: 'seen' }, system).alert;
  const { event } = act(seen, { kind: 'escalated', step: due?.step ?? -1, to: due?.to ?? critical.audience }, system);
  expect(dueEscalations(seen, [event], at(20))).toEqual([]);
  expect(dueEscalations(seen, [event], at(45))).toHaveLength(1);
});

test('it is said who was told and who is told next, until somebody answers', () => {
  expect(escalationOf(critical, [], policy())).toEqual({
    told: [],
    next: {
      at: later(0.25).toISOString(),
      to: { loginNames: [], departmentCodes: [], roles: ['radiologist-on-call'] },
    },
  });
  const [due] = dueEscalations(critical, [], at(15));
  const { event } = act(
    critical,
    { kind: 'escalated', step: due?.step ?? -1, to: due?.to ?? critical.audience },
    system,
  );
  const after = escalationOf(critical, [event], policy());
  expect(after.told.map(({ to }) => to.roles)).toEqual([['radiologist-on-call']]);
  expect(after.next).toMatchObject({ at: later(0.75).toISOString(), to: { roles: ['head-of-radiology'] } });
  const answered = act(critical, { kind: 'acknowledged' }, system).alert;
  expect(escalationOf(answered, [event], policy()).next).toBeUndefined();
  expect(escalationOf(critical, [], policy({ escalation: [] })).next).toBeUndefined();
});

test('an answer ends it, and a suppressed alert escalates to nobody', () => {
  const answered = act(critical, { kind: 'acknowledged' }, system).alert;
  expect(dueEscalations(answered, [], at(60))).toEqual([]);
  const reason = { code: 'alerts.budget', text: critical.summary };
  expect(dueEscalations({ ...critical, suppressedBecause: reason }, [], at(60))).toEqual([]);
});

test('the load counts what was told: by rule in the last hour, by role in the window, the suppressed apart', () => {
  const effusion = alertOf(decide(reading({ findings: [finding('Effusion', 0.8)] }), context(), policy()));
  const suppressed = { ...effusion, suppressedBecause: { code: 'alerts.budget', text: effusion.summary } };
  const hernia = alertOf(decide(reading({ findings: [finding('Hernia', 0.8)] }), context(), policy()));
  const alerts = [critical, effusion, suppressed, hernia];
  expect(measureLoad(alerts, 9, { now: later(0.5), policy: policy() })).toEqual({
    raisedLastHour: { 'cxr-findings/Pneumothorax': 1, 'cxr-findings/Effusion': 1, 'cxr-findings/Hernia': 1 },
    // Hernia is information and does not interrupt.
    interruptiveByRole: { radiologist: 2 },
    patients: 9,
  });
  // Two hours later nothing is in the last hour; after the window of seven days nothing is left.
  expect(measureLoad(alerts, 9, { now: later(2), policy: policy() }).raisedLastHour).toEqual({});
  expect(measureLoad(alerts, 9, { now: later(7 * 24), policy: policy() }).interruptiveByRole).toEqual({});
});
