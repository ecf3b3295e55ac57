import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHisClient, type HisClient } from '#interop/hispro/client/his-client.ts';
import { alreadyThere, noticesFor, sendNotice, type NoticeOptions } from '#interop/hispro/notices/notice.ts';
import { readLaboratory, readVitals } from '#interop/hispro/client/patient-data.ts';
import { hisTime, isoFromHis } from '#interop/hispro/client/time.ts';
import { MOCK_ACCOUNT, startMockHispro, type MockHispro } from '../../fixtures/mock-hispro.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../../store/samples.ts';

let his: MockHispro;
let client: HisClient;

const open = (password = MOCK_ACCOUNT.password): HisClient =>
  openHisClient({
    servers: { acs: his.url, mos: his.url, sda: his.url },
    account: { ...MOCK_ACCOUNT, password },
    timeoutMs: 2000,
  });

beforeAll(async () => {
  his = await startMockHispro();
});
beforeEach(() => {
  his.mood = 'up';
  client = open();
});
afterAll(() => his.close());

const codes = new Map([['GLU', { loinc: '2345-7', unit: 'mmol/L' }]]);
const laboratory = () => readLaboratory(client, '000000999001', codes);

describe('reading from HisPro', () => {
  test('laboratory values get the unit that the site wrote down; unknown codes and texts are left aside', async () => {
    his.setTreatment('000000999001', {
      laboratory: [
        {
          TestIndexCode: 'GLU',
          TestIndexName: 'Glucose',
          Value: '11,8',
          ExecuteTime: '2026-11-22T09:25:00',
          IsHIV: false,
        },
        { TestIndexCode: 'GLU', Value: '<0.5', ExecuteTime: null },
        { TestIndexCode: 'GLU', Value: 'Âm tính' },
        { TestIndexCode: 'XN-TNI', Value: '12' },
        { TestIndexCode: null, Value: null },
      ],
    });
    expect(await laboratory()).toEqual({
      measurements: [
        {
          code: '2345-7',
          system: 'http://loinc.org',
          value: 11.8,
          unit: 'mmol/L',
          time: '2026-11-22T09:25:00+07:00',
          source: 'HisPro GLU',
        },
        {
          code: '2345-7',
          system: 'http://loinc.org',
          value: 0.5,
          comparator: '<',
          unit: 'mmol/L',
          source: 'HisPro GLU',
        },
      ],
      rejected: [
        { code: 'GLU', reason: 'not-a-number' },
        { code: 'XN-TNI', reason: 'unknown-code' },
      ],
      isWholeTreatment: true,
    });
  });

  test('a treatment that HisPro does not know gives nothing, and null everywhere is no fault', async () => {
    expect(await readLaboratory(client, 'unknown', codes)).toEqual({
      measurements: [],
      rejected: [],
      isWholeTreatment: false,
    });
    his.setTreatment('000000999001', { laboratory: [], emr: { Patient: null, Dhst: null, RecentDhst: null } });
    expect(await readVitals(client, { TreatmentId: 1 }, { female: 1, male: 2 })).toEqual({ measurements: [] });
  });

  test.each([
    ['a list of tests that is none', { laboratory: 'none' }],
    ['vital signs that are a text', { emr: { Patient: null, Dhst: '168/95', RecentDhst: null } }],
  ])('%s is said, because silence would read as no values', async (_what, treatment) => {
    his.setTreatment('000000999001', treatment as never);
    const read =
      'emr' in treatment
        ? readVitals(client, { TreatmentId: 1 }, { female: 1, male: 2 })
        : readLaboratory(client, '000000999001', codes);
    await expect(read).rejects.toMatchObject({ code: 'hispro.refused' });
  });

  test('a code and a sex are read as number or text, and a day that no calendar has is no birth date', async () => {
    his.setTreatment('000000999001', {
      laboratory: [{ TestIndexCode: 7, Value: '11,8', ExecuteTime: null }],
      emr: { Patient: { GENDER_ID: '1', DOB: '19651301000000' }, Dhst: null, RecentDhst: null },
    } as never);
    expect((await readLaboratory(client, '000000999001', codes)).rejected).toEqual([
      { code: '7', reason: 'unknown-code' },
    ]);
    expect(await readVitals(client, { TreatmentId: 1 }, { female: 1, male: 2 })).toEqual({
      measurements: [],
      sex: 'female',
    });
  });

  test('vital signs have the units of the form, and its zeros are not measured', async () => {
    const Dhst = {
      BLOOD_PRESSURE_MAX: 168,
      BLOOD_PRESSURE_MIN: 95,
      PULSE: 0,
      SPO2: null,
      TEMPERATURE: 36.8,
      EXECUTE_TIME: 20261122091500,
    };
    his.setTreatment('000000999001', {
      emr: { Patient: { GENDER_ID: 2, DOB: 19650000000000 }, Dhst, RecentDhst: null },
    });
    const { measurements, sex, birthDate } = await readVitals(client, { TreatmentId: 1 }, { female: 1, male: 2 });
    expect(measurements.map(({ code, value, unit, time }) => [code, value, unit, time])).toEqual([
      ['8480-6', 168, 'mm[Hg]', '2026-11-22T09:15:00+07:00'],
      ['8462-4', 95, 'mm[Hg]', '2026-11-22T09:15:00+07:00'],
      ['8310-5', 36.8, 'Cel', '2026-11-22T09:15:00+07:00'],
    ]);
    expect([sex, birthDate]).toEqual(['male', '1965']);
  });

  test('a token that ran out is replaced once, and calls at the same moment share one login', async () => {
    his.setTreatment('000000999001', { laboratory: [] });
    await laboratory();
    his.expireTokens();
    const before = his.calls.length;
    await laboratory();
    const paths = his.calls.slice(before);
    expect(paths.filter((path) => path === '/api/Token/Login')).toHaveLength(1);
    const other = open();
    const start = his.calls.length;
    await Promise.all([1, 2, 3].map(() => readLaboratory(other, '000000999001', codes)));
    expect(his.calls.slice(start).filter((path) => path === '/api/Token/Login')).toHaveLength(1);
  });
});

describe('a HisPro in trouble', () => {
  test.each([
    ['down', 'hispro.unreachable'],
    ['empty', 'hispro.unreachable'],
    ['refusing', 'hispro.refused'],
  ] as const)('that is %s is told apart', async (mood, code) => {
    await laboratory();
    his.mood = mood;
    await expect(laboratory()).rejects.toMatchObject({ code });
  });

  test('a refusal names HisPro’s code and never its message, which may name the patient', async () => {
    await laboratory();
    his.mood = 'refusing';
    const error = await laboratory().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'MOS001' });
    expect(JSON.stringify(error)).not.toContain('Nguyễn');
  });

  test('a wrong password is a login fault, and is tried again the next time', async () => {
    const wrong = open('sai');
    await expect(readLaboratory(wrong, 'x', codes)).rejects.toMatchObject({ code: 'hispro.login' });
    const before = his.calls.length;
    await expect(readLaboratory(wrong, 'x', codes)).rejects.toMatchObject({ code: 'hispro.login' });
    expect(his.calls.length).toBe(before + 1);
  });
});

describe('a notice', () => {
  const alert = sampleAlert(sampleReading(sampleInstance()), {
    subject: { patientCode: '0000099901', accessionNumber: '1234567' },
    audience: { loginNames: ['bs01', ' bs02 ', 'a,b', ''], departmentCodes: [], roles: ['radiologist'] },
    createdAt: '2026-11-22T02:15:00.000Z',
    expiresAt: '2026-11-23T02:15:00.000Z',
  });
  const options: NoticeOptions = {
    language: 'vi',
    roles: { radiologist: { loginNames: ['bs03'], departmentCodes: ['CDHA'] } },
    link: ({ id }: { readonly id: string }) => `https://cds.example.vn/view?alert=${id}`,
  };

  test('names its receivers, one notice per kind, with local times and an end', () => {
    const [byLogin, byDepartment, ...others] = noticesFor(alert, options);
    expect(byLogin).toEqual({
      TITLE: 'Nghi tràn dịch màng phổi',
      CONTENT: `BN 0000099901 – chỉ định 1234567. Kết quả sơ bộ của máy, chưa có bác sĩ xác nhận. https://cds.example.vn/view?alert=${alert.id}`,
      FROM_TIME: 20261122091500,
      TO_TIME: 20261123091500,
      RECEIVER_LOGINNAMES: 'bs01,bs02,bs03',
    });
    expect(byDepartment).toMatchObject({ RECEIVER_DEPARTMENT_CODES: 'CDHA' });
    expect(byDepartment).not.toHaveProperty('RECEIVER_LOGINNAMES');
    expect(others).toEqual([]);
  });

  test('without a receiver is refused, because HisPro would show it to everybody', async () => {
    const nobody = { ...alert, audience: { loginNames: ['  '], departmentCodes: [], roles: ['unknown'] } };
    expect(() => noticesFor(nobody, options)).toThrow('hispro.no-receiver');
    const [notice] = noticesFor(alert, options);
    const { RECEIVER_LOGINNAMES: _gone, ...bare } = notice ?? { TITLE: '', CONTENT: '', FROM_TIME: 0, TO_TIME: 0 };
    const before = his.notices.length;
    await expect(sendNotice(client, { ...bare, RECEIVER_LOGINNAMES: ' , ' })).rejects.toMatchObject({
      code: 'hispro.no-receiver',
    });
    await expect(sendNotice(client, bare)).rejects.toMatchObject({ code: 'hispro.no-receiver' });
    expect(his.notices.length).toBe(before);
  });

  test('whose answer was lost is found again, so that it is not sent twice', async () => {
    const [notice] = noticesFor(alert, options);
    if (notice === undefined) throw new Error('no notice');
    expect(await alreadyThere(client, notice, alert.id)).toBe(false);
    his.mood = 'losing-answers';
    await expect(sendNotice(client, notice)).rejects.toMatchObject({ code: 'hispro.unreachable' });
    his.mood = 'up';
    expect(await alreadyThere(client, notice, alert.id)).toBe(true);
    expect(await alreadyThere(client, { ...notice, RECEIVER_LOGINNAMES: 'bs99' }, alert.id)).toBe(false);
    expect(await alreadyThere(client, notice, '00000000-0000-4000-8000-000000000009')).toBe(false);
  });
});

describe('HisPro’s times and numbers', () => {
  test('a time goes out in local digits and comes back as the same moment', () => {
    expect(hisTime(new Date('2026-11-22T02:15:00Z'))).toBe(20261122091500);
    expect(hisTime(new Date('2026-12-31T17:00:00Z'))).toBe(20270101000000);
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
        const whole = new Date(Math.floor(at.getTime() / 1000) * 1000);
        expect(new Date(isoFromHis(hisTime(whole)) ?? '')).toEqual(whole);
      }),
    );
  });

  test('a day that no calendar has, and anything that is no time, is null', () => {
    for (const wrong of [20260230000000, 20261301000000, 'hôm qua', null, undefined, {}, 2026, Number.NaN, 1e300]) {
      expect(isoFromHis(wrong)).toBeNull();
    }
  });
});

test('the calls that overwrite, sign or close a report are nowhere in the program', () => {
  const forbidden = /HisPacsServiceReq|UpdateResult|HisDrugIntervention\/CreateInfo|HisAlert\/Create/;
  const files = globSync('src/**/*.ts');
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => forbidden.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('an action that is not on the list is not called', async () => {
  await expect(client.post({ server: 'mos', action: 'HisPacsServiceReq/Start', data: {} })).rejects.toThrow(
    'not on the list',
  );
});
