import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIORITIES } from '#kernel/finding.ts';
import { type Waiting, defaultAgeing, order } from '#worklist/ranking.ts';

const NOW = new Date('2026-03-02T03:00:00Z');
const MINUTE = 60_000;

const priority = fc.constantFrom(...PRIORITIES);
const studies = fc
  .array(
    fc.record(
      { found: priority, requested: priority, minutesAgo: fc.integer({ min: 0, max: 2000 }) },
      { requiredKeys: ['found', 'minutesAgo'] },
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) =>
    rows.map(({ minutesAgo, ...row }, index): Waiting => ({
      ...row,
      studyUid: `1.2.${index}`,
      receivedAt: new Date(NOW.getTime() - minutesAgo * MINUTE).toISOString(),
    })),
  );

const rank = (value: (typeof PRIORITIES)[number]): number => PRIORITIES.indexOf(value);
const uids = (items: readonly Waiting[]): string[] => order(items, NOW).map(({ item }) => item.studyUid);

describe('the order of reading', () => {
  test('never places a study lower than its order or its finding asks for', () => {
    fc.assert(
      fc.property(studies, (items) => {
        for (const { item, place } of order(items, NOW)) {
          expect(rank(place)).toBeLessThanOrEqual(rank(item.found));
          expect(rank(place)).toBeLessThanOrEqual(rank(item.requested ?? 'routine'));
        }
      }),
    );
  });

  test('a finding moves its own study up or leaves it, and never another one past it', () => {
    fc.assert(
      fc.property(studies, fc.nat(), priority, (items, pick, found) => {
        const at = pick % items.length;
        const before = items[at];
        if (before === undefined || rank(found) > rank(before.found)) return;
        const after = items.map((item, index) => (index === at ? { ...item, found } : item));
        const uid = before.studyUid;
        expect(uids(after).indexOf(uid)).toBeLessThanOrEqual(uids(items).indexOf(uid));
        const others = (list: readonly string[]) => list.filter((each) => each !== uid);
        expect(others(uids(after))).toEqual(others(uids(items)));
      }),
    );
  });

  test('nobody starves: a study older than the limit comes before every urgent one that arrived later', () => {
    fc.assert(
      fc.property(studies, (items) => {
        const placed = order(items, NOW);
        for (const [at, { item, waitedMinutes }] of placed.entries()) {
          if (waitedMinutes < defaultAgeing.routineBecomesUrgentMinutes) continue;
          const overtakers = placed
            .slice(0, at)
            .filter(({ place, item: other }) => place !== 'critical' && other.receivedAt > item.receivedAt);
          expect(overtakers).toEqual([]);
        }
      }),
    );
  });

  test('does not depend on the order in which the studies were handed over, and loses none', () => {
    fc.assert(
      fc.property(studies, fc.infiniteStream(fc.nat()), (items, chance) => {
        const shuffled = items
          .map((item) => ({ item, key: chance.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        expect(uids(shuffled)).toEqual(uids(items));
        expect(uids(items).toSorted()).toEqual(items.map(({ studyUid }) => studyUid).toSorted());
      }),
    );
  });

  test('says why a study stands where it stands', () => {
    const at = (minutesAgo: number) => new Date(NOW.getTime() - minutesAgo * MINUTE).toISOString();
    const placed = order(
      [
        { studyUid: 'arrived', found: 'routine', receivedAt: at(10) },
        { studyUid: 'waited', found: 'routine', receivedAt: at(300) },
        { studyUid: 'asked', found: 'routine', requested: 'urgent', receivedAt: at(5) },
        { studyUid: 'found', found: 'critical', requested: 'urgent', receivedAt: at(1) },
      ],
      NOW,
    );
    expect(placed.map(({ item, place, because }) => [item.studyUid, place, because])).toEqual([
      ['found', 'critical', 'found'],
      ['waited', 'urgent', 'waited'],
      ['asked', 'urgent', 'requested'],
      ['arrived', 'routine', 'arrival'],
    ]);
  });
});
