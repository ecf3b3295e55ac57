// A mock chart of a HIS, and what such a HIS asks of this service at each of its doors: for the sandbox page and for `haidang mock-his`. The
// patient is invented; the requests are those that a real HIS sends.
export interface MockChart {
  readonly code: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  /** YYYY-MM-DD */
  readonly birthDate: string;
  readonly values: Readonly<Record<MockValue, string>>;
  readonly smokes: boolean;
  /** ICD-10, with commas. */
  readonly diagnoses: string;
  readonly drug: string;
}

export const MOCK_VALUES = {
  systolic: { loinc: '8480-6', unit: 'mm[Hg]', category: 'vital-signs' },
  pulse: { loinc: '8867-4', unit: '/min', category: 'vital-signs' },
  breaths: { loinc: '9279-1', unit: '/min', category: 'vital-signs' },
  saturation: { loinc: '59408-5', unit: '%', category: 'vital-signs' },
  temperature: { loinc: '8310-5', unit: 'Cel', category: 'vital-signs' },
  bodyMass: { loinc: '39156-5', unit: 'kg/m2', category: 'vital-signs' },
  cholesterol: { loinc: '2093-3', unit: 'mmol/L', category: 'laboratory' },
  creatinine: { loinc: '2160-0', unit: 'umol/L', category: 'laboratory' },
} as const;
export type MockValue = keyof typeof MOCK_VALUES;

export const MOCK_DOORS = ['cds-hooks', 'assess', 'check-drug'] as const;
export type MockDoor = (typeof MOCK_DOORS)[number];

export interface MockRequest {
  readonly path: string;
  readonly body: unknown;
}

export const FIRST_CHART: MockChart = {
  code: 'SANDBOX-1',
  name: 'NGUYỄN VĂN THỬ',
  sex: 'male',
  birthDate: '1961-04-05',
  values: {
    systolic: '162',
    pulse: '96',
    breaths: '22',
    saturation: '94',
    temperature: '38.1',
    bodyMass: '27',
    cholesterol: '6.2',
    creatinine: '180',
  },
  smokes: true,
  diagnoses: 'I10,E11',
  drug: 'Metformin 850 mg',
};

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const SNOMED = 'http://snomed.info/sct';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';
/** "Smokes tobacco daily" as the answer to LOINC 72166-2, tobacco smoking status. */
const SMOKER = { system: SNOMED, code: '449868002', display: 'Smokes tobacco daily' };

const codesOf = ({ diagnoses }: MockChart): readonly string[] =>
  diagnoses
    .split(',')
    .map((code) => code.trim())
    .filter((code) => code !== '');

/** What is empty or no number is not sent: missing is not zero. */
function observationsOf(chart: MockChart, at: string) {
  const subject = { reference: `Patient/${chart.code}` };
  const base = (category: string) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: CATEGORIES, code: category }] }],
    subject,
    effectiveDateTime: at,
  });
  const measured = Object.entries(MOCK_VALUES).flatMap(([name, { loinc, unit, category }]) => {
    const text = Object.entries(chart.values).find(([key]) => key === name)?.[1] ?? '';
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return [];
    return [
      {
        ...base(category),
        id: name,
        code: { coding: [{ system: LOINC, code: loinc }] },
        valueQuantity: { value, unit, system: UCUM, code: unit },
      },
    ];
  });
  if (!chart.smokes) return measured;
  const smoking = {
    ...base('social-history'),
    id: 'smoking',
    code: { coding: [{ system: LOINC, code: '72166-2' }] },
    valueCodeableConcept: { coding: [SMOKER] },
  };
  return [...measured, smoking];
}

const patientOf = ({ code, sex, birthDate }: MockChart) => ({
  resourceType: 'Patient',
  id: code,
  gender: sex,
  birthDate,
});

const conditionsOf = (chart: MockChart) =>
  codesOf(chart).map((code) => ({
    resourceType: 'Condition',
    id: code,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    code: { coding: [{ system: ICD10, code }] },
    subject: { reference: `Patient/${chart.code}` },
  }));

const bundle = (type: 'searchset' | 'collection', resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});

/** `at`: ISO 8601 with its offset, the moment of the measurements. */
export function mockRequest(chart: MockChart, door: MockDoor, at: string): MockRequest {
  const observations = observationsOf(chart, at);
  const inCategory = (category: string) =>
    bundle(
      'searchset',
      observations.filter((each) => each.category[0]?.coding[0]?.code === category),
    );
  switch (door) {
    case 'cds-hooks':
      return {
        path: '/cds-services/patient-alerts',
        body: {
          hook: 'patient-view',
          hookInstance: '00000000-0000-4000-8000-000000000001',
          context: { userId: 'Practitioner/sandbox', patientId: chart.code },
          prefetch: {
            patient: patientOf(chart),
            vitals: inCategory('vital-signs'),
            labs: inCategory('laboratory'),
            social: inCategory('social-history'),
            conditions: bundle('searchset', conditionsOf(chart)),
          },
        },
      };
    case 'assess':
      return {
        path: '/fhir/$assess',
        body: bundle('collection', [patientOf(chart), ...observations, ...conditionsOf(chart)]),
      };
    case 'check-drug':
      return {
        path: '/api/HIS/CheckDrug',
        body: {
          sessionID: 'sandbox',
          isTemporary: true,
          prescriptionInfo: {
            info: {
              patientID: chart.code,
              maYTe: chart.code,
              prescriptionId: null,
              height: null,
              weight: null,
              icd: codesOf(chart).join(','),
              name: chart.name,
              sex: chart.sex === 'male' ? 'Nam' : 'Nữ',
              dob: `${chart.birthDate}T00:00:00`,
              prescriber: { id: 'sandbox', value: 'Bác sĩ thử nghiệm' },
              prescriptionTime: at.slice(0, 19),
              examinationDate: at.slice(0, 19),
              maKhoa: null,
              tenKhoa: null,
              phongKham: null,
              serviceType: 0,
              maDoiTuong: 'BHYT',
            },
            drugList: [
              {
                medicationId: null,
                medicationName: chart.drug,
                totalQuantity: 30,
                drugRoute: 'Uống',
                prescribeDate: null,
                timePerDay: 2,
                quantityPerTime: 1,
                note: '',
                usageUnit: 'viên',
                packageUnit: 'viên',
                index: 0,
              },
            ],
          },
        },
      };
    default:
      return door satisfies never;
  }
}

/** For a shell: single quotes keep everything but themselves. */
export const curlOf = ({ path, body }: MockRequest, server: string): string =>
  [
    `curl -X POST '${server}${path}'`,
    `  -H 'Content-Type: ${path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json'}'`,
    `  --data '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`,
  ].join(' \\\n');

export interface SeenCard {
  readonly severity: 'critical' | 'warning' | 'info';
  readonly title: string;
  readonly detail: string;
  readonly links: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a physician sees of an answer: CDS Hooks cards, the lines that HisPro shows, the predictions of a RiskAssessment. */
export function seenCards(door: MockDoor, answer: unknown): readonly SeenCard[] {
  if (!isRecord(answer)) return [];
  if (door === 'cds-hooks')
    return recordsIn(answer['cards']).map((card) => ({
      severity: card['indicator'] === 'critical' ? 'critical' : card['indicator'] === 'warning' ? 'warning' : 'info',
      title: textIn(card['summary']),
      detail: textIn(card['detail']),
      links: recordsIn(card['links']).map(({ label }) => textIn(label)),
    }));
  if (door === 'check-drug')
    // HisPro shows the names of the categories and nothing else.
    return recordsIn(answer['issueCategories']).map((category) => ({
      severity:
        Number(category['Severity']) >= 2 ? 'critical' : Number(category['Severity']) === 1 ? 'warning' : 'info',
      title: textIn(category['CategoryName']),
      detail: '',
      links: [],
    }));
  // A RiskAssessment without a prediction says why it was not assessed; a ward does not show those.
  return recordsIn(answer['entry']).flatMap(({ resource }): SeenCard[] => {
    if (!isRecord(resource) || resource['status'] === 'cancelled') return [];
    const title = isRecord(resource['code']) ? textIn(resource['code']['text']) : '';
    const predictions = recordsIn(resource['prediction']).map(({ rationale }) => textIn(rationale));
    const notes = recordsIn(resource['note']).map(({ text }) => textIn(text));
    const detail = [...predictions, ...notes].filter((line) => line !== '').join('\n');
    return title === '' ? [] : [{ severity: 'info', title, detail, links: [] }];
  });
}
