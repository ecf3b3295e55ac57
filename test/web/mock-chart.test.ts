// The mock chart of a HIS: what is empty is not sent, and a command for a shell carries the same request.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf, FIRST_CHART, MOCK_DOORS, mockRequest, seenCards } from '#web/mock-chart.ts';

const AT = '2026-03-01T08:00:00Z';

test('a value that is empty or no number is not sent, and nothing stands in its place', () => {
  const values = { ...FIRST_CHART.values, systolic: '', pulse: 'fast' };
  const text = JSON.stringify(mockRequest({ ...FIRST_CHART, values }, 'assess', AT).body);
  expect(text).not.toContain('8480-6');
  expect(text).not.toContain('8867-4');
  expect(text).toContain('"value":22');
});

test.each(MOCK_DOORS)('the curl command for %s carries the request through a shell as it is', (door) => {
  const request = mockRequest({ ...FIRST_CHART, name: "O'Hara $(id) `id`" }, door, AT);
  const sent = execFileSync('sh', [
    '-c',
    `curl() { for last; do :; done; printf %s "$last"; }\n${curlOf(request, 'http://h')}`,
  ]);
  expect(JSON.parse(sent.toString())).toEqual(request.body);
});

test('of a CheckDrug answer a physician sees the names of its categories and nothing else', () => {
  const answer = {
    issueCategories: [{ Severity: 2, CategoryName: 'A', Issues: [{ Issue: 'hidden' }] }],
    issueText: 'hidden',
  };
  expect(seenCards('check-drug', answer)).toEqual([{ severity: 'critical', title: 'A', detail: '', links: [] }]);
  expect(seenCards('cds-hooks', null)).toEqual([]);
});
