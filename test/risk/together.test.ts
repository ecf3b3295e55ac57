// A score of vital signs describes one moment: values many hours apart make no single score in silence.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Measurement } from '#kernel/measurement.ts';
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';

let room: RiskRoom;
beforeAll(async () => {
  room = createRiskRoom(await openRiskLibrary('models'));
});
afterAll(() => room.library.close());

const asOf = new Date('2026-11-22T09:00:00Z');
const ago = (hours: number): string => new Date(asOf.getTime() - hours * 3_600_000).toISOString();
const vital = (
  code: string,
  value: number | string | boolean,
  unit: string | undefined,
  hours: number,
): Measurement => ({
  code,
  value,
  ...(unit === undefined ? {} : { unit }),
  time: ago(hours),
});

const vitals = (older: number): Measurement[] => [
  vital('8480-6', 85, 'mm[Hg]', older),
  vital('9279-1', 30, '/min', older),
  vital('8867-4', 80, '/min', 0),
  vital('8310-5', 37, 'Cel', 0),
  vital('59408-5', 98, '%', 0),
  vital('consciousness', 'A', undefined, 0),
  vital('on_oxygen', false, undefined, 0),
];

async function news2(measurements: readonly Measurement[]) {
  const { results } = await room.assessPatient({
    sex: 'male',
    ageYears: 60,
    measurements,
    equations: ['news2'],
    explain: false,
    whatIf: [],
    asOf,
  });
  return results[0]!;
}

test('within some hours they are one score: 3 for the pressure, 3 for the breathing', async () => {
  expect((await news2(vitals(2))).outputs[0]).toMatchObject({ value: 6, interval: null });
});

test.each([7, 16, 23])('%i hours apart the older ones are not used, and the result says so', async (hours) => {
  const result = await news2(vitals(hours));
  expect(result.outputs[0]?.value).toBeNull();
  expect(result.needs.map(({ name }) => name).toSorted()).toEqual(['rr', 'sbp']);
  for (const { title } of result.needs) {
    expect(title.en).toContain(`${hours} hours apart from the newest value`);
    expect(title.vi).toContain(`cách nhau ${hours} giờ`);
  }
  expect(result.limits.some(({ en }) => en.startsWith('Systolic blood pressure (of'))).toBe(true);
});
