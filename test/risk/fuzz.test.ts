import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerNdjson } from '#risk/cohort/ndjson.ts';
import { createRiskItems } from '#risk/person/items.ts';
import { NOW, startRiskService, type RiskService } from './service.ts';

let service: RiskService;
beforeAll(async () => {
  service = await startRiskService();
});
afterAll(() => service.close());

const status = async (payload: unknown): Promise<number> => {
  const headers = { host: '127.0.0.1', 'content-type': 'application/json' };
  const answer = await service.app.inject({
    method: 'POST',
    url: '/v1/risk/assess',
    headers,
    payload: JSON.stringify(payload),
  });
  return answer.statusCode;
};
const KNOWN = [200, 400, 404, 422];

const anything = fc.oneof(
  fc.double(),
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.boolean(),
  fc.constantFrom('male', 'female', '1', '99', '70-74', '', '5,2', '<0,01', null, 1e308, -1e308, 5e-324),
  fc.string({ maxLength: 8 }),
);

test('any body is answered or refused, never a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (body) => {
      expect(KNOWN).toContain(await status(body));
    }),
    { numRuns: 300 },
  );
});

test('any values of any equation’s inputs are answered or refused, never a fault', async () => {
  const { equations } = service.room.library;
  const question = fc.constantFrom(...equations.keys()).chain((id) => {
    const names = [...equations.get(id)!.equation.inputs.keys()];
    const inputs = fc.dictionary(fc.constantFrom(...names, 'unknown'), anything, { maxKeys: names.length });
    return fc.record({ equations: fc.constant([id]), inputs, explain: fc.boolean() });
  });
  await fc.assert(
    fc.asyncProperty(question, async (body) => {
      expect(KNOWN).toContain(await status(body));
    }),
    { numRuns: 600 },
  );
});

test('any measurements are used or shown as rejected, never a fault', async () => {
  const codes = ['8480-6', '2160-0', '72166-2', 'diabetes', 'E11.9', 'age', 'sex', 'consciousness', 'x', '14647-2'];
  const measurement = fc.record(
    {
      code: fc.constantFrom(...codes),
      value: anything,
      unit: fc.constantFrom('mmHg', 'mg/dL', 'µmol/L', '{copies}/mL', '[degF]', 'foo', '%', '1', '/', 'a'),
      time: fc.constantFrom('2026-11-01', '2026-11-01T10:00:00+07:00', '2031-01-01', 'yesterday'),
    },
    { requiredKeys: ['code', 'value'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(measurement, { maxLength: 12 }), async (measurements) => {
      const patient = { sex: 'female', ageYears: 61 };
      expect(KNOWN).toContain(await status({ patient, measurements, explain: false }));
    }),
    { numRuns: 300 },
  );
});

test('any bytes as a cohort give one answer per line and an end', async () => {
  const served = service.room.library.equations.get('fib4')!;
  const { registry } = service.room;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), async (chunks) => {
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield* chunks;
      }
      let text = '';
      for await (const piece of answerNdjson(stream(), { served, registry, firstRow: 1 })) text += piece;
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.at(-1)).toMatchObject({ kind: 'end', rejected: lines.length - 1 });
    }),
    { numRuns: 300 },
  );
});

test('other systems get flags of the equations that fit Viet Nam, and an interval where something is missing', async () => {
  const items = await createRiskItems(service.room.library)({
    facilityId: 'local',
    patientCode: 'BN1',
    sex: 'male',
    birthDate: '1964-05-06',
    measurements: [
      { code: '8480-6', value: 165, unit: 'mm[Hg]', time: '2026-11-01' },
      { code: '72166-2', value: '449868002' },
      { code: '39156-5', value: 24, unit: 'kg/m2', time: '2026-11-01' },
    ],
    conditions: [{ codings: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11.9' }] }],
    asOf: NOW,
  });
  const flag = items.find((item) => item.kind === 'assessed' && item.flag.equationId === 'who_cvd_2019_nonlab_sea');
  // The published cells of a smoking man of 60 to 64 with 160 to 179 mmHg: BMI 20 to 24; diabetes, least and most cholesterol.
  expect(flag).toMatchObject({ flag: { risk: 0.2, category: { code: 'very-high' }, facilityId: 'local' } });
  const open = items.find((item) => item.kind === 'interval' && item.lower.equationId === 'who_cvd_2019_lab_sea');
  expect(open).toMatchObject({ lower: { risk: 0.25 }, upper: { risk: 0.41 }, settledBy: { loinc: '2093-3' } });
  expect(items.some((item) => item.kind === 'assessed' && item.flag.equationId === 'aha_prevent_2023')).toBe(false);
});
