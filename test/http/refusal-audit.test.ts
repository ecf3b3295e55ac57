// Refusals become few entries, however often somebody tries: one a minute of a kind with its number, and no more kinds than are counted.
import { expect, test, vi } from 'vitest';
import { openRefusalAudit, type RefusedCall } from '#http/refusal-audit.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';

vi.useFakeTimers();

const refusal: RefusedCall = {
  facilityId: 'local',
  actor: 'nobody',
  action: 'credentials.refused',
  account: 'bs.an',
  route: 'POST /v1/session',
  address: '10.0.0.7',
  code: 'login.wrong-password',
};

function open() {
  const entries: AuditEntry[] = [];
  const append = async (_: string, more: readonly AuditEntry[]) => void entries.push(...more);
  return { entries, audit: openRefusalAudit({ append, fault: () => undefined }) };
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

test('guessing is one entry at once and one a minute, with how often', async () => {
  const { entries, audit } = open();
  audit.note(refusal);
  await pass(1.1);
  expect(entries).toEqual([
    {
      actor: 'nobody',
      action: 'credentials.refused',
      subjectType: 'account',
      subjectId: 'bs.an',
      detail: { route: 'POST /v1/session', address: '10.0.0.7', code: 'login.wrong-password', times: 1 },
    },
  ]);
  for (let second = 0; second < 55; second += 1) {
    audit.note(refusal);
    await pass(1);
  }
  expect(entries).toHaveLength(1);
  await pass(10);
  expect(entries.slice(1)).toMatchObject([{ detail: { times: 55 } }]);
  await audit.close();
  expect(entries).toHaveLength(2);
});

test('a flood of kinds is summed up, nothing is left uncounted, and the end of the service writes the rest', async () => {
  const { entries, audit } = open();
  for (let at = 0; at < 50_000; at += 1) audit.note({ ...refusal, address: `10.${at}` });
  await audit.close();
  expect(entries.length).toBeLessThanOrEqual(1_001);
  const times = entries.map(({ detail }) => Number(detail?.['times']));
  expect(times.reduce((sum, each) => sum + each, 0)).toBe(50_000);
  expect(entries.at(-1)).toMatchObject({ actor: 'nobody', subjectId: 'many', detail: { address: 'many' } });
});

test('a kind that came once is forgotten after its minute', async () => {
  const { entries, audit } = open();
  for (let round = 0; round < 3; round += 1) {
    for (let at = 0; at < 900; at += 1) audit.note({ ...refusal, address: `${round}.${at}` });
    await pass(130);
  }
  expect(entries).toHaveLength(2_700);
  await audit.close();
});
