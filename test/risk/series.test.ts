import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRiskService, type RiskService } from './service.ts';

let service: RiskService;
beforeAll(async () => {
  service = await startRiskService({ store: true });
});
afterAll(() => service.close());

const host = { host: '127.0.0.1' };
const visit = async (patientCode: string, sbp: number, day: string) => {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/v1/risk/assess',
    headers: host,
    payload: {
      patient: { code: patientCode, sex: 'male', ageYears: 62 },
      measurements: [
        { code: 'sbp', value: sbp, unit: 'mmHg', time: day },
        { code: 'smoker', value: true },
        { code: 'bmi', value: 24, unit: 'kg/m2', time: day },
      ],
      equations: ['who_cvd_2019_nonlab_sea'],
      asOf: day,
      keep: true,
    },
  });
  expect(answer.statusCode).toBe(200);
  return answer.json();
};

describe('assessments of one person over time', () => {
  test('are kept in order with their trend; the same one twice is one', async () => {
    const first = await visit('BN07', 170, '2026-03-01');
    await visit('BN07', 150, '2026-06-01');
    await visit('BN07', 150, '2026-06-01');
    await visit('BN07', 125, '2026-09-01');
    const answer = await service.app.inject({ url: '/v1/risk/series/BN07', headers: host });
    const [series] = answer.json().series;
    expect(series.points.map(({ value }: { value: number }) => value)).toHaveLength(3);
    expect(series.points[0].value).toBe(first.results[0].outputs[0].value);
    expect(series.trend).toMatchObject({ direction: 'falling' });
    expect(series.trend.difference).toBe(series.points[2].value - series.points[0].value);
    expect(series.trend.text.vi).toContain('Giảm từ 2026-03-01');
  });

  test('another person has a series of their own, and a filter by equation is kept', async () => {
    const answer = await service.app.inject({ url: '/v1/risk/series/BN08', headers: host });
    expect(answer.json()).toEqual({ patientCode: 'BN08', series: [] });
    const filtered = await service.app.inject({ url: '/v1/risk/series/BN07?equation=score2', headers: host });
    expect(filtered.json().series).toEqual([]);
  });

  test('a category that the ward wants to hear of raises one alert, and not again for the same', async () => {
    const news2 = (time: string) =>
      service.app.inject({
        method: 'POST',
        url: '/v1/risk/assess',
        headers: host,
        payload: {
          patient: { code: 'BN09', sex: 'female', ageYears: 70 },
          equations: ['news2'],
          asOf: '2026-11-22T08:00:00+07:00',
          keep: true,
          measurements: [
            { code: '9279-1', value: 27, unit: '/min', time },
            { code: '59408-5', value: 88, unit: '%', time },
            { code: 'on_oxygen', value: true, time },
            { code: '8480-6', value: 92, unit: 'mm[Hg]', time },
            { code: '8867-4', value: 125, unit: '/min', time },
            { code: 'consciousness', value: 'V', time },
            { code: '8310-5', value: 39.4, unit: 'Cel', time },
          ],
        },
      });
    const first = (await news2('2026-11-22T07:00:00+07:00')).json();
    // 3 (rate) + 3 (88 %) + 2 (oxygen) + 2 (92 mmHg) + 2 (125) + 3 (V) + 2 (39.4 °C)
    expect(first.results[0].outputs[0].value).toBe(17);
    expect(first.alertIds).toHaveLength(1);
    expect((await news2('2026-11-22T07:30:00+07:00')).json().alertIds).toEqual([]);
  });
});
