// The index's order is the order of `ranking.ts`, whatever is found, asked for, answered or aged; pages lose nothing; search folds.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRIORITIES, type Priority } from '#kernel/finding.ts';
import { ORDER_ROOM } from '#kernel/hospital-order.ts';
import { searchWords } from '#store/search/search-words.ts';
import { cursorText, readCursor } from '#worklist/cursor.ts';
import { defaultAgeing, order, type Waiting } from '#worklist/ranking.ts';
import { HOSTS, openTestStore, type TestStore } from '../store/hosts.ts';
import { newUid, sampleAlert, sampleInstance, sampleReading } from '../store/samples.ts';

const MINUTE_MS = 60_000;
/** Letters of names here and elsewhere, digits, and what parts words. */
const unit = fc.constantFrom(...'aZđĐễỮịéÑß0 9^=-_.\'"&|!:*()\\/,\t李សក');

describe.each(HOSTS)('the order of reading on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  interface Case {
    readonly found?: Priority | undefined;
    readonly requested?: Priority | undefined;
    readonly rejected: boolean;
    readonly gapMinutes: number;
  }

  async function arrive({ found, requested, rejected, gapMinutes }: Case): Promise<Waiting> {
    at.clock.advance(gapMinutes * MINUTE_MS);
    const uid = newUid();
    const instance = sampleInstance({ accessionNumber: uid, patient: { id: `P${uid}` } });
    await at.local.intake.accept(instance, { actor: 'upload' });
    if (found !== undefined) {
      const reading = sampleReading(instance, { priority: found });
      const alert = sampleAlert(reading);
      const told = found === 'routine' ? [] : [{ kind: 'alert' as const, alert }];
      await at.local.readings.commit({ reading, heatmaps: [], told, outbox: [], audit: [] });
      if (rejected && told.length > 0)
        await at.local.alerts.record(
          {
            id: newUid(),
            alertId: alert.id,
            at: at.clock.now().toISOString(),
            actor: 'bs.lan',
            channel: 'web',
            kind: 'overridden',
            to: 'overridden',
            reasonCode: 'disagree',
          },
          { from: 'new' },
        );
    }
    if (requested !== undefined)
      await at.local.records.put(ORDER_ROOM, uid, {
        state: 'ordered',
        priority: requested,
        patientCode: `P${uid}`,
      });
    return {
      studyUid: instance.studyUid,
      found: found ?? 'routine',
      receivedAt: at.clock.now().toISOString(),
      ...(requested !== undefined && { requested }),
      answered: rejected && found !== undefined && found !== 'routine',
    };
  }

  const filterAt = (now: Date) => ({
    agedBefore: new Date(now.getTime() - defaultAgeing.routineBecomesUrgentMinutes * MINUTE_MS).toISOString(),
  });

  async function walk(filter: Parameters<typeof at.local.worklist.page>[0], limit: number): Promise<string[]> {
    const uids: string[] = [];
    for (let after = undefined as Awaited<ReturnType<typeof at.local.worklist.page>>['next']; ;) {
      const { rows, next } = await at.local.worklist.page(filter, { limit, ...(after !== undefined && { after }) });
      uids.push(...rows.map(({ study }) => study.studyUid));
      if (next === undefined) return uids;
      after = next;
    }
  }

  test('is the order of ranking.ts, on pages of any size', async () => {
    const cases = fc.sample(
      fc.record({
        found: fc.option(fc.constantFrom(...PRIORITIES), { nil: undefined }),
        requested: fc.option(fc.constantFrom(...PRIORITIES), { nil: undefined }),
        rejected: fc.boolean(),
        gapMinutes: fc.integer({ min: 0, max: 30 }),
      }),
      40,
    );
    const waiting: Waiting[] = [];
    for (const each of cases) waiting.push(await arrive(each));
    for (const later of [0, 60, 240, 900]) {
      const now = new Date(at.clock.now().getTime() + later * MINUTE_MS);
      const expected = order(waiting, now);
      const filter = filterAt(now);
      for (const limit of [3, 100])
        expect(await walk(filter, limit)).toEqual(expected.map(({ item }) => item.studyUid));
      const counts = await at.local.worklist.counts(filter);
      for (const place of PRIORITIES)
        expect(counts[place]).toBe(expected.filter((each) => each.place === place).length);
    }
  });

  test('closed studies stay to be found, the newest first, and come back into the order when they are reopened', async () => {
    const [first, second] = [
      await arrive({ rejected: false, gapMinutes: 1 }),
      await arrive({ rejected: false, gapMinutes: 1 }),
    ];
    for (const { studyUid } of [first, second]) {
      at.clock.advance(MINUTE_MS);
      await at.local.intake.closed(studyUid, 'bs.lan');
    }
    const filter = filterAt(at.clock.now());
    expect(await walk({ ...filter, state: 'closed' }, 1)).toEqual([second.studyUid, first.studyUid]);
    expect(await walk({ ...filter, search: first.studyUid }, 9)).toEqual([]);
    expect(await walk({ ...filter, state: 'all', search: first.studyUid }, 9)).toEqual([first.studyUid]);
    await at.local.intake.reopened(first.studyUid, 'bs.lan');
    expect(await walk({ ...filter, search: first.studyUid }, 9)).toEqual([first.studyUid]);
  });

  test('a search finds beginnings of words, with or without diacritics, and fits the words that the database made', async () => {
    const patient = { id: 'BN-0042/x', name: 'NGUYỄN^ĐỨC^ÂN' };
    const instance = sampleInstance({ patient, description: 'Phổi thẳng' });
    await at.local.intake.accept(instance, { actor: 'upload' });
    const filter = filterAt(at.clock.now());
    for (const search of ['nguyen duc', 'Nguyễn Đức', 'đức ng', 'bn-0042', 'PHOI thang', instance.studyUid])
      expect(await walk({ ...filter, search }, 9), search).toContain(instance.studyUid);
    for (const search of ['nguyen binh', "' or 1=1 --", 'uyen'])
      expect(await walk({ ...filter, search }, 9), search).not.toContain(instance.studyUid);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 40 }), async (clean) => {
        const [row] = await at
          .sql<{ words: string[] }>('select tsvector_to_array(haidang.search_words($1)) as words', [clean])
          .catch(() => at.sql<{ words: string[] }>('select tsvector_to_array(search_words($1)) as words', [clean]));
        for (const word of searchWords(clean)) expect(row?.words).toContain(word);
      }),
      { numRuns: 60 },
    );
  });
});

test('a cursor comes back as it was, and any other text is refused', () => {
  const cursor = {
    asOf: '2026-03-01T00:00:00.000Z',
    position: { group: 'urgent' as const, at: '2026-02-28T23:59:59.999Z', studyUid: '1.2.3' },
  };
  expect(readCursor(cursorText(cursor))).toEqual(cursor);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readCursor(text)).toThrow(/invalid-request|not the `next`/);
    }),
  );
});
