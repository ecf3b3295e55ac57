// Vitals and laboratory values of a treatment, read from MOS as measurements. A value without a known code or a plain number is named and left
// aside, because HisPro gives no unit that could show a mistake.
import { z } from 'zod';
import type { Measurement } from '#kernel/measurement.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';
import type { HisClient } from './his-client.ts';
import { readNumber } from '#terminology/number.ts';
import { birthDateFromHis, isoFromHis } from './time.ts';

/** HisPro gives laboratory values without a unit: the site writes down, per test code, what it measures and in which unit. */
export interface TestCode {
  readonly loinc: string;
  /** UCUM. */
  readonly unit: string;
}

export interface HisPatientData {
  readonly measurements: readonly Measurement[];
  readonly sex?: 'male' | 'female';
  readonly birthDate?: string;
  readonly rejected: readonly { readonly code: string; readonly reason: 'unknown-code' | 'not-a-number' }[];
  /** The answer had the list of all laboratory values of the treatment: one that it has no more was deleted. */
  readonly isWholeTreatment?: boolean;
}

const number = z.union([z.number(), z.string()]).nullish();
const text = number.transform((value) => (value === null || value === undefined ? undefined : String(value)));

/** HIS_DHST: the units are those of HisPro's own form. LOINC names as in the vital signs profile of FHIR R4. */
const VITALS = [
  ['BLOOD_PRESSURE_MAX', '8480-6', 'mm[Hg]'],
  ['BLOOD_PRESSURE_MIN', '8462-4', 'mm[Hg]'],
  ['PULSE', '8867-4', '/min'],
  ['SPO2', '59408-5', '%'],
  ['TEMPERATURE', '8310-5', 'Cel'],
  ['BREATH_RATE', '9279-1', '/min'],
  ['WEIGHT', '29463-7', 'kg'],
  ['HEIGHT', '8302-2', 'cm'],
] as const;

export const VITALS_SOURCE = 'HisPro HIS_DHST';

const dhst = z.looseObject({ EXECUTE_TIME: number });

const clinicalDetail = z.looseObject({
  ChiSoXetNghiem: z
    .array(z.looseObject({ TestIndexCode: text, Value: number, ExecuteTime: number }).nullable())
    .nullish(),
});

const forEmr = z.looseObject({
  Patient: z.looseObject({ GENDER_ID: number, DOB: number }).nullish(),
  Dhst: dhst.nullish(),
  RecentDhst: z.union([dhst, z.array(dhst.nullable())]).nullish(),
});

/** Null is a treatment that HisPro does not know; anything of another form is said, because silence would read as "no values". */
function readData<Shape extends z.ZodType>(schema: Shape, data: unknown): z.infer<Shape> | null {
  if (data === null) return null;
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw hisproErrors.error('refused', { reason: 'the answer has not the known form' });
  return parsed.data;
}

type Numeric = Pick<Measurement, 'comparator'> & { readonly value: number };

/** HisPro writes a value as a number or as the laboratory's text. */
function numericOf(sent: unknown): Numeric | null {
  const read = typeof sent === 'number' || typeof sent === 'string' ? readNumber(sent) : undefined;
  if (read === undefined) return null;
  const { value, comparator } = read;
  return { value, ...(comparator === undefined ? {} : { comparator }) };
}

function vitalsOf(row: Readonly<Record<string, unknown>>): Measurement[] {
  const time = isoFromHis(row['EXECUTE_TIME']);
  return VITALS.flatMap(([field, code, unit]): Measurement[] => {
    const numeric = numericOf(row[field]);
    // HisPro's form stores 0 for "not measured"; no living patient has a zero here.
    if (numeric === null || numeric.value === 0) return [];
    return [
      {
        code,
        system: SYSTEM_URIS.loinc,
        ...numeric,
        unit,
        ...(time === null ? {} : { time }),
        source: VITALS_SOURCE,
      },
    ];
  });
}

type Laboratory = Pick<HisPatientData, 'measurements' | 'rejected'> & { readonly isWholeTreatment: boolean };

function laboratoryOf(data: unknown, codes: ReadonlyMap<string, TestCode>): Laboratory {
  const detail = readData(clinicalDetail, data);
  const measurements: Measurement[] = [];
  const rejected: HisPatientData['rejected'][number][] = [];
  for (const row of detail?.ChiSoXetNghiem ?? []) {
    const testCode = row?.TestIndexCode;
    if (row === null || testCode === undefined) continue;
    const known = codes.get(testCode);
    const numeric = numericOf(row.Value);
    if (known === undefined) rejected.push({ code: testCode, reason: 'unknown-code' });
    else if (numeric === null) rejected.push({ code: testCode, reason: 'not-a-number' });
    else {
      const time = isoFromHis(row.ExecuteTime);
      measurements.push({
        code: known.loinc,
        system: SYSTEM_URIS.loinc,
        ...numeric,
        unit: known.unit,
        ...(time === null ? {} : { time }),
        source: `HisPro ${testCode}`,
      });
    }
  }
  return { measurements, rejected, isWholeTreatment: Array.isArray(detail?.ChiSoXetNghiem) };
}

/** Laboratory values of one treatment. Throws as HisClient does. */
export async function readLaboratory(
  client: HisClient,
  treatmentCode: string,
  codes: ReadonlyMap<string, TestCode>,
): Promise<Laboratory> {
  const action = 'HisTreatment/GetClinicalDetailForEmr';
  return laboratoryOf(await client.get({ server: 'mos', action, data: treatmentCode }), codes);
}

export interface EmrQuestion {
  readonly TreatmentId?: number;
  readonly PatientId?: number;
  /** yyyyMMddHHmmss; HisPro spells it so. */
  readonly IntructionTime?: number;
}

/** GENDER_ID: 1 female, 2 male in HIS_GENDER as delivered; a site may differ, so the numbers are a setting. */
export interface GenderIds {
  readonly female: number;
  readonly male: number;
}

/** Vital signs and demographics of one treatment. Throws as HisClient does. */
export async function readVitals(
  client: HisClient,
  question: EmrQuestion,
  genders: GenderIds,
): Promise<Omit<HisPatientData, 'rejected'>> {
  const data = readData(forEmr, await client.get({ server: 'mos', action: 'HisTreatment/GetForEmr', data: question }));
  if (data === null) return { measurements: [] };
  const { Patient: patient, Dhst: current, RecentDhst: recent } = data;
  const rows = [current, ...(Array.isArray(recent) ? recent : [recent])].filter(
    (row) => row !== null && row !== undefined,
  );
  const birthDate = birthDateFromHis(patient?.DOB);
  const gender = Number(patient?.GENDER_ID ?? Number.NaN);
  const sex = gender === genders.female ? 'female' : gender === genders.male ? 'male' : undefined;
  return {
    measurements: rows.flatMap(vitalsOf),
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate === null ? {} : { birthDate }),
  };
}
