import type { RiskQuestion } from '#risk/person/risk-item.ts';
import { expect, test } from 'vitest';
import { rememberRisks } from '#interop/cds-hooks/answer/risk-memory.ts';
import { testClock } from '../../store/hosts.ts';

const question = (patientCode: string, asOf = '2026-03-01T01:00:00Z'): RiskQuestion => ({
  facilityId: 'local',
  patientCode,
  measurements: [],
  conditions: [],
  asOf: new Date(asOf),
});

function memory(maximum = 10) {
  const clock = testClock();
  const asked: string[] = [];
  const state = { fail: false };
  const ask = rememberRisks(
    async ({ patientCode }) => {
      asked.push(patientCode);
      if (state.fail) throw new Error('down');
      return [];
    },
    { clock, keepMs: 60_000, maximum },
  );
  return { ask, asked, clock, state };
}

test('the same question is judged once, also while the first is being judged; another patient is another question', async () => {
  const { ask, asked } = memory();
  await Promise.all([ask(question('a')), ask(question('a', '2026-03-01T02:00:00Z')), ask(question('b'))]);
  expect(asked).toEqual(['a', 'b']);
});

test('it is judged again on the next day, after its time, when it was pushed out, and when it failed', async () => {
  const { ask, asked, clock, state } = memory(2);
  await ask(question('a'));
  await ask(question('a', '2026-03-02T01:00:00Z'));
  expect(asked).toHaveLength(2);
  clock.advance(60_000);
  await ask(question('a'));
  expect(asked).toHaveLength(3);
  await ask(question('b'));
  await ask(question('c'));
  await ask(question('a'));
  expect(asked.slice(3)).toEqual(['b', 'c', 'a']);
  state.fail = true;
  await expect(ask(question('d'))).rejects.toThrow('down');
  state.fail = false;
  await ask(question('d'));
  expect(asked.slice(6)).toEqual(['d', 'd']);
});
