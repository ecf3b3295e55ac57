// Builders of cases: persons, results, diagnoses and messages as hospitals' systems send them. Every person is invented.
import type { Case, Expectation, Resource, Step } from './case.ts';

export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
export const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
export const ICPC2 = 'http://hl7.org/fhir/sid/icpc-2';

export type Code = readonly [system: string | undefined, code: string];
const concept = (...codes: readonly Code[]) => ({
  coding: codes.map(([system, code]) => ({ ...(system === undefined ? {} : { system }), code })),
});

export const patient = (gender: string, birthDate: string): Resource => ({
  resourceType: 'Patient',
  id: '{patient}',
  gender,
  birthDate,
  name: [{ text: 'Người Bệnh Giả Lập' }],
});
export const MAN = patient('male', '{born:62}');

let made = 0;
const CATEGORY = { lab: 'laboratory', vital: 'vital-signs', social: 'social-history' } as const;

/** `value`: a number with a unit, or parts of an Observation. */
export function observed(
  kind: keyof typeof CATEGORY,
  codes: string | readonly Code[],
  value: readonly [value: number, unit: string] | Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Resource {
  made += 1;
  const system = 'http://unitsofmeasure.org';
  const valued = Array.isArray(value)
    ? { valueQuantity: { value: value[0], unit: value[1], system, code: value[1] } }
    : value;
  return {
    resourceType: 'Observation',
    id: `gl-s${made}`,
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: CATEGORY[kind] }] },
    ],
    code: typeof codes === 'string' ? concept([LOINC, codes]) : concept(...codes),
    subject: { reference: 'Patient/{patient}' },
    effectiveDateTime: kind === 'vital' ? '{minutes:-20}' : '{days:-10}',
    ...valued,
    ...more,
  };
}

export const answered = (...codes: readonly Code[]) => ({ valueCodeableConcept: concept(...codes) });

const status = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});

/** Active and confirmed unless `more` says otherwise. */
export function diagnosed(codes: readonly Code[], more: Readonly<Record<string, unknown>> = {}): Resource {
  made += 1;
  return {
    resourceType: 'Condition',
    id: `gl-d${made}`,
    code: concept(...codes),
    subject: { reference: 'Patient/{patient}' },
    clinicalStatus: status('condition-clinical', 'active'),
    verificationStatus: status('condition-ver-status', 'confirmed'),
    ...more,
  };
}
export const clinical = (code: string) => ({ clinicalStatus: status('condition-clinical', code) });
export const verification = (code: string) => ({ verificationStatus: status('condition-ver-status', code) });
export const icd = (code: string, more = {}): Resource => diagnosed([[ICD10, code]], more);
export const sct = (code: string, more = {}): Resource => diagnosed([[SNOMED, code]], more);

export const CHOLESTEROL = observed('lab', '2093-3', [6.8, 'mmol/L']);
export const HDL = observed('lab', '2085-9', [1.1, 'mmol/L']);
export const PRESSURE = observed('vital', '8480-6', [170, 'mm[Hg]'], { effectiveDateTime: '{days:-10}' });
export const SMOKES = observed('social', '72166-2', answered([SNOMED, '449868002']));
export const DIABETES = icd('E11.9');
/** WHO's chart of a man of 62: 36 % with everything, 24 % as a former smoker. */
/** Whether he smokes was not asked. */
export const HEART_UNASKED = [MAN, CHOLESTEROL, HDL, PRESSURE, DIABETES];
export const HEART = [MAN, CHOLESTEROL, HDL, PRESSURE, SMOKES, DIABETES];
export const HEART_TOLD: Expectation = { told: [{ topic: 'cvd', within: [35.64, 36.36] }] };
export const HEART_SILENT: Expectation = { silent: ['cvd'] };

type Vitals = Readonly<Record<string, readonly [value: number, unit: string]>>;
export const BAD: Vitals = {
  '8480-6': [84, 'mm[Hg]'],
  '8867-4': [134, '/min'],
  '9279-1': [27, '/min'],
  '8310-5': [39.4, 'Cel'],
  '59408-5': [90, '%'],
};
export const GOOD: Vitals = {
  '8480-6': [124, 'mm[Hg]'],
  '8867-4': [76, '/min'],
  '9279-1': [16, '/min'],
  '8310-5': [36.8, 'Cel'],
  '59408-5': [98, '%'],
};
export const vitals = (values: Vitals, effectiveDateTime = '{minutes:-20}'): Resource[] =>
  Object.entries(values).map(([code, value]) => observed('vital', code, value, { effectiveDateTime }));
/** Consciousness and oxygen are not known. */
export const NEWS_TOLD: Expectation = { told: [{ topic: 'news2', within: [13.86, 19.19] }] };

export const hook = (resources: readonly Resource[], expected: Expectation, more: Partial<Step> = {}): Step => ({
  door: 'hook',
  language: 'vi',
  resources,
  ...more,
  expect: expected,
});
export const assess = (resources: readonly Resource[], expected: Expectation): Step => ({
  door: 'assess',
  resources,
  expect: expected,
});
export const both = (resources: readonly Resource[], expected: Expectation): Step[] => [
  hook(resources, expected),
  assess(resources, expected),
];

export interface OwnMeasurement {
  readonly code: string;
  readonly value: number | string | boolean;
  readonly unit?: string;
  readonly time?: string;
  readonly system?: string;
}
export const risk = (
  person: object,
  measurements: readonly OwnMeasurement[],
  expected: Expectation,
  more: object = {},
): Step => ({ door: 'risk', body: { patient: person, explain: false, measurements, ...more }, expect: expected });

export interface MessageOptions {
  readonly order?: string;
  readonly minutes?: number;
  readonly born?: string;
  readonly sex?: string;
  readonly person?: string;
}
/** An ORU^R01; `results` without their set id. */
export const hl7 = (results: readonly string[], options: MessageOptions = {}): Step => {
  const { order = '{patient}-1', minutes = -30, born = '{hl7born:62}', sex = 'M' } = options;
  return {
    door: 'hl7',
    version: '2.5.1',
    segments: [
      `PID|1||{patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${born}|${sex}`,
      `OBR|1|${order}||GL01^Xet nghiem^L|||{hl7:${minutes}}|||||||||||||||||F`,
      ...results.map((result, at) => `OBX|${at + 1}|${result}`),
    ],
    expect: { ack: ['AA', 'CA'] },
  };
};
export const HL7_HEART = [
  'NM|2093-3^^LN||6.8|mmol/L|||||F',
  'NM|8480-6^^LN||170|mm[Hg]|||||F',
  'CWE|72166-2^Hut thuoc^LN||449868002^^SCT||||||F',
];
export const HL7_KIDNEY = 'NM|2160-0^^LN||900|umol/L|||||F';

export const checkDrug = (info: object, expected: Expectation, more: Partial<Step> = {}): Step => ({
  door: 'checkdrug',
  info: {
    patientID: '{patient}',
    maYTe: '{patient}',
    prescriptionId: null,
    height: null,
    weight: null,
    icd: null,
    name: 'Người Bệnh Giả Lập',
    sex: 'Nam',
    prescriber: { id: 'bs.gialap', value: 'Bác Sĩ Giả Lập' },
    dob: '{born:62}T00:00:00',
    serviceType: 0,
    ...info,
  },
  ...more,
  expect: expected,
});

interface ClaimOptions {
  readonly record?: string;
  readonly summary?: string;
  readonly expect?: Expectation;
}
/** A claim of one record; `rows`: MA_CHI_SO, GIA_TRI, DON_VI_DO. */
export const claim = (
  rows: readonly (readonly [code: string, value: string, unit: string])[],
  { record = '{patient}', summary = '', expect = {} }: ClaimOptions = {},
): Step => ({
  door: 'xml',
  tables: {
    XML1: `<TONG_HOP><MA_LK>${record}</MA_LK><STT>1</STT><MA_BN>{patient}</MA_BN><HO_TEN>NGƯỜI BỆNH Giả Lập</HO_TEN><NGAY_SINH>{hl7born:62}0000</NGAY_SINH><GIOI_TINH>1</GIOI_TINH>${summary}</TONG_HOP>`,
    XML4: `<CHITIEU_CHITIET_DICHVUCANLAMSANG><DSACH_CHI_TIET_CLS>${rows
      .map(
        ([code, value, unit], at) =>
          `<CHI_TIET_CLS><MA_LK>${record}</MA_LK><STT>${at + 1}</STT><MA_DICH_VU>23.0075.1494</MA_DICH_VU><MA_CHI_SO>${code}</MA_CHI_SO><TEN_CHI_SO>${code}</TEN_CHI_SO><GIA_TRI>${value}</GIA_TRI><DON_VI_DO>${unit}</DON_VI_DO><MO_TA></MO_TA><KET_LUAN></KET_LUAN><NGAY_KQ>{vn:-40}</NGAY_KQ><MA_BS_DOC_KQ>GL</MA_BS_DOC_KQ><DU_PHONG></DU_PHONG></CHI_TIET_CLS>`,
      )
      .join('')}</DSACH_CHI_TIET_CLS></CHITIEU_CHITIET_DICHVUCANLAMSANG>`,
  },
  expect,
});

/** `kind`: as in the case table. */
export const named = (kind: string, id: string, says: string, steps: readonly (Step | readonly Step[])[]): Case => ({
  kind,
  id: `${kind.toLowerCase()}-${id}`,
  says,
  steps: steps.flat(),
});
