import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EquationResult } from '#risk/assess/result.ts';
import type { Rejected } from '#risk/measure/feature.ts';
import { NOW, PREVENT_WOMAN, startRiskService, type RiskService } from './service.ts';

let service: RiskService;
beforeAll(async () => {
  service = await startRiskService();
});
afterAll(() => service.close());

const host = { host: '127.0.0.1' };
const assess = (payload: unknown) =>
  service.app.inject({ method: 'POST', url: '/v1/risk/assess', headers: host, payload: payload as object });

describe('POST /v1/risk/assess with an equation’s own inputs', () => {
  test('gives the published example, its reasons, what-ifs and provenance', async () => {
    const answer = await assess({ equations: ['aha_prevent_2023'], inputs: PREVENT_WOMAN });
    expect(answer.statusCode).toBe(200);
    const [result] = answer.json().results;
    const value = (name: string): number =>
      result.outputs.find((output: { name: string }) => output.name === name).value;
    expect(value('cvd_10y')).toBeCloseTo(0.147, 3);
    expect(value('ascvd_10y')).toBeCloseTo(0.092, 3);
    expect(value('hf_10y')).toBeCloseTo(0.081, 3);
    const { contributions, referenceValue } = result.explanation;
    const sum = contributions.reduce((total: number, one: { contribution: number }) => total + one.contribution, 0);
    expect(Math.abs(referenceValue + sum - value('cvd_10y'))).toBeLessThan(1e-9);
    expect(result.whatIf.at(-1).value).toBeLessThan(value('cvd_10y'));
    expect(result.provenance).toMatchObject({ modelId: 'risk-aha_prevent_2023', precision: 'fp64', provider: 'cpu' });
    expect(result.words[0].vi).toBe('Bệnh tim mạch chung, 10 năm: 14,7 %.');
  });

  test('a band may stand for its number, as on a printed chart', async () => {
    const inputs = { age_band: '70-74', sex: 'male', smoker: 0, diabetes: 0, sbp_band: '>=180', chol_band: '<4' };
    const answer = await assess({ equations: ['who_cvd_2019_lab_sea'], inputs, explain: false });
    // The published cell.
    expect(answer.json().results[0].outputs[0].value).toBe(24);
  });

  test('outside the published range is "not assessed, because", with the field, and nothing is clamped', async () => {
    const answer = await assess({ equations: ['aha_prevent_2023'], inputs: { ...PREVENT_WOMAN, sbp: 201 } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().results[0]).toMatchObject({
      outcome: 'not-assessed',
      applicability: 'not-applicable',
      reasons: [{ code: 'risk.out-of-range', field: 'sbp' }],
      outputs: [],
    });
  });

  test.each([
    ['null', { ...PREVENT_WOMAN, sbp: null }, 400, 'inputs.sbp'],
    ['a text for a number', { ...PREVENT_WOMAN, sbp: '160' }, 422, 'inputs.sbp'],
    ['a number for a text', { ...PREVENT_WOMAN, sex: 2.5 }, 422, 'inputs.sex'],
    ['an unknown input', { ...PREVENT_WOMAN, systolic: 160 }, 422, 'inputs.systolic'],
    ['a negative age', { ...PREVENT_WOMAN, age: -50 }, 422, 'inputs.age'],
    ['a person of 140 years', { ...PREVENT_WOMAN, age: 140 }, 422, 'inputs.age'],
    ['a number that is no yes or no', { ...PREVENT_WOMAN, diabetes: 2 }, 422, 'inputs.diabetes'],
  ])('%s is refused and the field named', async (_, inputs, status, field) => {
    const answer = await assess({ equations: ['aha_prevent_2023'], inputs });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ field, status });
  });

  test.each([
    ['an unknown field', { measurements: [], mesurements: [] }, 400, 'mesurements'],
    [
      'an unknown field of a measurement',
      { measurements: [{ code: 'sbp', value: 1, units: 'mmHg' }] },
      400,
      'measurements.0.units',
    ],
    ['a value that is null', { measurements: [{ code: 'sbp', value: null }] }, 400, 'measurements.0.value'],
    ['an unknown equation', { equations: ['score3'] }, 404, 'equations.0'],
    ['inputs without an equation', { inputs: { age: 50 } }, 422, 'inputs'],
    ['a birth date that no calendar has', { patient: { birthDate: '1980-02-30' } }, 400, 'patient.birthDate'],
    ['a birth date in the future', { patient: { birthDate: '2030-01-01' } }, 422, 'patient.birthDate'],
    ['a person of 140 years', { patient: { ageYears: 140 } }, 422, 'patient.ageYears'],
    ['keeping nobody', { keep: true }, 400, 'patient.code'],
    [
      'a what-if on what nobody can change',
      { equations: ['aha_prevent_2023'], inputs: PREVENT_WOMAN, whatIf: [{ age: 30 }] },
      422,
      'whatIf.0.age',
    ],
  ])('%s is refused and the field named', async (_, payload, status, field) => {
    const answer = await assess(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ field });
  });

  test('a caller’s own what-if is answered beside the declared ones', async () => {
    const answer = await assess({
      equations: ['aha_prevent_2023'],
      inputs: PREVENT_WOMAN,
      whatIf: [{ sbp: 140 }],
      explain: false,
    });
    const [whatIf] = answer.json().results[0].whatIf;
    expect(whatIf.changes).toMatchObject([{ input: 'sbp', from: 160, to: 140 }]);
    expect(whatIf.difference).toBeLessThan(0);
  });

  test('the licence duty of QRISK3 goes with every answer', async () => {
    const answer = await assess({ equations: ['qrisk3_2017'], inputs: { age: 55, sex: 'female', ethnicity: 1 } });
    expect(answer.json().results[0].licenceDuty.en).toContain('ClinRisk Ltd.');
  });
});

const time = '2026-10-01';
const measurements = [
  { code: '8480-6', value: 158, unit: 'mmHg', time },
  { code: '14647-2', value: '6,4', unit: 'mmol/L', time },
  { code: '2085-9', value: 40, unit: 'mg/dL', time },
  { code: '29463-7', value: 72, unit: 'kg', time },
  { code: '8302-2', value: 165, unit: 'cm', time },
  { code: '72166-2', value: '449868002', time },
  { code: 'diabetes', value: false },
  { code: '14682-9', value: 98, unit: 'µmol/L', time },
];
const patient = { code: 'BN01', sex: 'male', birthDate: '1966-03-04' };

describe('POST /v1/risk/assess with measurements', () => {
  const assessed = async (payload: object): Promise<Map<string, EquationResult>> => {
    const answer = await assess({ patient, measurements, ...payload });
    expect(answer.statusCode).toBe(200);
    return new Map(answer.json().results.map((result: EquationResult) => [result.equationId, result]));
  };

  test('says of every equation whether it applies, and why not', async () => {
    const results = await assessed({});
    expect(results.size).toBe(30);
    expect(results.get('who_cvd_2019_lab_sea')).toMatchObject({ outcome: 'assessed', applicability: 'applicable' });
    expect(results.get('gail_bcrat')?.reasons[0]).toMatchObject({ code: 'risk.wrong-sex' });
    expect(results.get('score2_op')?.reasons[0]).toMatchObject({ code: 'risk.out-of-range', field: 'age' });
    expect(results.get('cha2ds2_vasc')?.reasons[0]).toMatchObject({ code: 'risk.premise-unstated' });
  });

  test('a person with a heart attack behind them is not applicable for primary prevention', async () => {
    const results = await assessed({ measurements: [...measurements, { code: 'I21.0', value: true }] });
    expect(results.get('who_cvd_2019_lab_sea')?.reasons[0]).toMatchObject({
      code: 'risk.premise-broken',
      field: 'prior_cvd',
    });
  });

  test('units are converted, and derived values say from what', async () => {
    const results = await assessed({});
    const { inputs } = results.get('aha_prevent_2023')!;
    const input = (name: string) => inputs.find((one) => one.name === name)!;
    // 6.4 mmol/L × 38.665 mg/dL per mmol/L
    expect(input('total_cholesterol').value).toBeCloseTo(6.4 * 38.665, 9);
    expect(input('hdl').value).toBe(40);
    expect(input('bmi')).toMatchObject({
      value: 72 / 1.65 ** 2,
      origin: { kind: 'derived', from: ['weight', 'height'] },
    });
    expect(input('egfr').origin).toMatchObject({ kind: 'derived' });
    expect(input('age').value).toBe(60);
  });

  test('with an input missing the risk is an interval, and the input that would settle it is named', async () => {
    const results = await assessed({
      measurements: measurements.filter(({ code }) => code !== '14647-2'),
      equations: ['who_cvd_2019_lab_sea'],
    });
    const result = results.get('who_cvd_2019_lab_sea')!;
    const [output] = result.outputs;
    // The cells of a smoking man of 60 to 64 with 140 to 159 mmHg, from the least cholesterol to the most.
    expect(output).toMatchObject({ value: null, interval: { lower: 12, upper: 20 } });
    expect(result.settledBy).toMatchObject({
      input: 'total_cholesterol',
      settles: true,
      codes: ['2093-3', '14647-2'],
    });
  });

  test('what cannot be used is shown as rejected, never guessed', async () => {
    const answer = await assess({
      patient,
      measurements: [
        { code: 'xyz', value: 1 },
        { code: '8480-6', value: 150, unit: 'kg' },
        { code: '8480-6', value: 150, unit: 'furlong' },
        { code: '8480-6', value: 150 },
        { code: '8480-6', value: 'high', unit: 'mmHg' },
        { code: '8480-6', value: 1500, unit: 'mmHg' },
        { code: '8480-6', value: 150, unit: 'mmHg', time: '2027-05-01' },
        { code: 'diabetes', value: 'perhaps' },
      ],
    });
    expect(answer.json().rejected.map(({ field, reason }: Rejected) => [field, reason.code])).toEqual([
      ['measurements.0.code', 'risk.unknown-code'],
      ['measurements.1.unit', 'risk.wrong-unit'],
      ['measurements.2.unit', 'risk.unknown-unit'],
      ['measurements.3.unit', 'risk.missing-unit'],
      ['measurements.4.value', 'risk.not-a-number'],
      ['measurements.5.value', 'risk.implausible'],
      ['measurements.6.time', 'risk.in-the-future'],
      ['measurements.7.value', 'risk.not-a-flag'],
    ]);
  });

  test('the latest value counts, two at one moment contradict, an old one is named as too old', async () => {
    const find = async (sbp: readonly object[]) => {
      const others = measurements.filter(({ code }) => code !== '8480-6');
      const results = await assessed({ measurements: [...others, ...sbp], equations: ['who_cvd_2019_nonlab_sea'] });
      const result = results.get('who_cvd_2019_nonlab_sea')!;
      return { result, sbp: result.inputs.find((input: { name: string }) => input.name === 'sbp') };
    };
    const at = (value: number, when: string) => ({ code: '8480-6', value, unit: 'mm[Hg]', time: when });
    expect((await find([at(120, '2026-09-01'), at(171, '2026-11-01'), at(140, '2026-10-01')])).sbp).toMatchObject({
      value: 171,
      origin: { time: '2026-11-01' },
    });
    expect((await find([at(120, '2026-11-01'), at(171, '2026-11-01')])).sbp).toMatchObject({ state: 'missing' });
    const stale = await find([at(120, '2024-01-01')]);
    expect(stale.sbp).toMatchObject({ state: 'stale', value: null });
    expect(stale.result.limits.map(({ en }: { en: string }) => en)).toContain(
      'Systolic blood pressure of 2024-01-01 is too old to be used (limit 365 days).',
    );
  });

  test('a comparator bounds the value, and the bound gives an interval', async () => {
    const results = await assessed({
      measurements: [
        ...measurements,
        { code: 'chronic_liver_disease', value: true },
        { code: '1920-8', value: 20, unit: 'U/L' },
        { code: '1742-6', value: '<10', unit: 'U/L' },
        { code: '777-3', value: 200, unit: 'G/L' },
      ],
      equations: ['fib4'],
    });
    const [output] = results.get('fib4')!.outputs;
    // age · AST / (platelets · √ALT): ALT lies between the least that is plausible (1) and 10.
    expect(output!.interval!.lower).toBeCloseTo((60 * 20) / (200 * Math.sqrt(10)), 6);
    expect(output!.interval!.upper).toBeCloseTo((60 * 20) / (200 * Math.sqrt(1)), 6);
  });

  test('the same question has the same id, and another value another', async () => {
    const id = async (value: number) => {
      const results = await assessed({
        measurements: [{ code: '8480-6', value, unit: 'mmHg', time }, ...measurements.slice(1)],
        equations: ['who_cvd_2019_lab_sea'],
      });
      return results.get('who_cvd_2019_lab_sea')!.id;
    };
    expect(await id(150)).toBe(await id(150));
    expect(await id(150)).not.toBe(await id(151));
  });
});

test('GET /v1/risk/equations lists all thirty with their inputs and codes', async () => {
  const answer = await service.app.inject({ url: '/v1/risk/equations', headers: host });
  const { equations, refused } = answer.json();
  expect(refused).toEqual([]);
  expect(equations).toHaveLength(30);
  const prevent = equations.find(({ id }: { id: string }) => id === 'aha_prevent_2023');
  expect(prevent.inputs.find(({ name }: { name: string }) => name === 'sbp')).toMatchObject({
    unit: 'mm[Hg]',
    range: { minimum: 90, maximum: 200, source: 'published' },
    modifiable: true,
    codes: ['8480-6'],
  });
  expect(NOW.toISOString()).toBe('2026-11-22T01:00:00.000Z');
});
