// From arrival to the end, by hand: what is still under way counts with its time.
import { expect, test } from 'vitest';
import type { StudyTimes } from '#kernel/service-times.ts';
import { turnaround } from '#research/analysis/turnaround.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

const study = (minutes: readonly [number, number?, number?, number?], parts: Partial<StudyTimes> = {}): StudyTimes => {
  const [received, read, opened, closed] = minutes;
  return {
    priority: 'urgent',
    receivedAt: at(received),
    ...(read !== undefined && { readAt: at(read) }),
    ...(opened !== undefined && { openedAt: at(opened) }),
    ...(closed !== undefined && { closedAt: at(closed) }),
    ...parts,
  };
};

test('each leg has its own clock, the gravest urgency stands first', () => {
  const rows = turnaround(
    [study([0, 1, 11, 31]), study([0, 2, 22, 62]), study([0, 1, 5], { priority: 'critical' })],
    new Date(at(100)),
  );
  expect(rows.map(({ priority, studies }) => [priority, studies])).toEqual([
    ['critical', 1],
    ['urgent', 2],
  ]);
  const legs = Object.fromEntries(rows[1]?.legs.map((leg) => [leg.leg, leg]) ?? []);
  expect(legs['arrival-reading']).toMatchObject({ begun: 2, ended: 2, medianMinutes: 1, p90Minutes: 2 });
  expect(legs['reading-opened']).toMatchObject({ medianMinutes: 10, p90Minutes: 20 });
  expect(legs['opened-closed']).toMatchObject({ medianMinutes: 20, p95Minutes: 40 });
  expect(legs['arrival-closed']).toMatchObject({ medianMinutes: 31, p95Minutes: 62 });
  expect(rows[0]?.legs.find(({ leg }) => leg === 'opened-closed')).toMatchObject({
    begun: 1,
    ended: 0,
    medianMinutes: null,
  });
});

test('those that still wait hold the figure up: one of three opened after 10 minutes is no median', () => {
  const [row] = turnaround([study([0, 0, 10]), study([0, 0]), study([0, 0])], new Date(at(60)));
  expect(row?.legs.find(({ leg }) => leg === 'reading-opened')).toMatchObject({
    begun: 3,
    ended: 1,
    medianMinutes: null,
  });
});

test('a study that the model has not read yet has begun nothing after that; one opened before it waited 0', () => {
  const [row] = turnaround([study([0]), study([0, 20, 5])], new Date(at(60)));
  const legs = Object.fromEntries(row?.legs.map((leg) => [leg.leg, leg]) ?? []);
  expect(legs['arrival-reading']).toMatchObject({ begun: 2, ended: 1 });
  expect(legs['reading-opened']).toMatchObject({ begun: 1, medianMinutes: 0 });
});
