import { expect, test } from 'vitest';
import { localTime } from '#messages/local-time.ts';

test('a moment is read in Viet Nam’s time, across midnight too', () => {
  expect(localTime('2026-11-25T02:02:12.275Z')).toBe('09:02 25/11/2026');
  expect(localTime('2026-12-31T17:30:00Z')).toBe('00:30 01/01/2027');
  expect(localTime('2026-11-25T09:02:00+07:00')).toBe('09:02 25/11/2026');
  expect(localTime('hôm qua')).toBe('hôm qua');
});
