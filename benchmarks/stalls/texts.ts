// Documents of every door and the same documents with one text made long: what the benchmark of stalls sends.
import { readFileSync } from 'node:fs';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One class of characters each: what a pattern that goes back and forth would stumble over. */
export const CLASSES: Readonly<Record<string, string>> = {
  digits: '1',
  letters: 'a',
  backslashes: '\\',
  'HL7 escapes': '\\S\\',
  spaces: ' ',
  carets: '^',
  'non-ASCII': 'ế',
};

/** `bytes` long in UTF-8 at most, with an end that fits no pattern of numbers, words or blanks. */
export const textOf = (unit: string, bytes: number): string =>
  `${unit.repeat(Math.floor((bytes - 1) / Buffer.byteLength(unit)))}!`;

export interface Door {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly document: Json;
}

const coded = (system: string, code: string) => ({ coding: [{ system, code, display: 'x' }], text: 'x' });
const quantity = { value: 140, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' };
const patient = {
  resourceType: 'Patient',
  id: 'p1',
  gender: 'male',
  birthDate: '1965-01-01',
  identifier: [{ system: 'urn:x', value: 'BN-9' }],
  name: [{ family: 'x', given: ['x'], text: 'x' }],
};
const observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code: coded('http://loinc.org', '8480-6'),
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-03-01T08:00:00+07:00',
  valueQuantity: quantity,
  note: [{ text: 'x' }],
};
const condition = {
  resourceType: 'Condition',
  clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
  code: coded('http://hl7.org/fhir/sid/icd-10', 'I10'),
  subject: { reference: 'Patient/p1' },
  recordedDate: '2020-01-01',
};
const bundle = (resources: readonly Json[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ fullUrl: 'urn:uuid:6a0f0e2c-9a5c-4d5b-8f1e-000000000001', resource })),
});

/** Doors whose standard says what they tolerate: no schema of ours stands before them. */
const STANDARDS: readonly Door[] = [
  {
    name: 'FHIR $assess',
    method: 'POST',
    path: '/fhir/$assess',
    type: 'application/fhir+json',
    document: bundle([patient, observation, condition]),
  },
  {
    name: 'FHIR Subscription',
    method: 'POST',
    path: '/fhir/Subscription',
    type: 'application/fhir+json',
    document: {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'DetectedIssue?',
      channel: {
        type: 'rest-hook',
        endpoint: 'https://x.example/',
        payload: 'application/fhir+json',
        header: ['a: b'],
      },
    },
  },
  {
    name: 'CDS Hooks',
    method: 'POST',
    path: '/cds-services/patient-alerts',
    type: 'application/json',
    document: {
      hook: 'patient-view',
      hookInstance: '6a0f0e2c-9a5c-4d5b-8f1e-000000000001',
      fhirServer: 'https://fhir.example',
      context: { userId: 'Practitioner/1', patientId: 'BN-1', encounterId: 'x' },
      prefetch: { patient, labs: bundle([observation]), conditions: bundle([condition]) },
    },
  },
  {
    name: 'CDS Hooks feedback',
    method: 'POST',
    path: '/cds-services/patient-alerts/feedback',
    type: 'application/json',
    document: {
      feedback: [
        {
          card: '6a0f0e2c-9a5c-4d5b-8f1e-000000000001',
          outcome: 'overridden',
          overrideReason: { reason: { code: 'x', system: 'x' }, userComment: 'x' },
          outcomeTimestamp: '2026-03-01T08:00:00Z',
        },
      ],
    },
  },
  {
    name: 'HisPro CheckDrug',
    method: 'POST',
    path: '/api/HIS/CheckDrug',
    type: 'application/json',
    document: {
      sessionID: 'b6b1b3e8-0b0f-4c84-9a4f-0d5a8f0f6a10',
      isTemporary: true,
      prescriptionInfo: {
        info: { patientID: 'BN-1', maYTe: 'x', prescriptionId: 'x', prescriber: { id: 'x', value: 'x' }, maKhoa: 'x' },
        drugList: [{ medicationId: 'x', medicationName: 'x', note: 'x' }],
      },
    },
  },
];

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
}

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> };
            readonly parameters?: readonly { readonly name: string; readonly in: string }[];
          }
        >
      >
    >
  >;
}

const openApi: OpenApi = JSON.parse(readFileSync('openapi.json', 'utf8'));

/** A document with every field that the schema names; texts are `x`. */
function exampleOf(schema: Schema, depth = 0): Json {
  if (depth > 12) return null;
  if (schema.$ref !== undefined) {
    const named = openApi.components.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    return named === undefined ? null : exampleOf(named, depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return exampleOf(first, depth + 1);
  if (schema.properties !== undefined)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, member]) => [name, exampleOf(member, depth + 1)]),
    );
  if (schema.items !== undefined) return [exampleOf(schema.items, depth + 1)];
  const [type] = [schema.type ?? 'string'].flat();
  if (type === 'number' || type === 'integer') return 1;
  return type === 'boolean' ? true : (schema.enum?.[0] ?? 'x');
}

const filled = (path: string, value = '1'): string => path.replaceAll(/\{[^}]+\}/g, value);

/** Our own doors with a JSON body, from openapi.json; what begins a copy of all data is left out. */
const ownDoors = (): Door[] =>
  Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content?.['application/json']?.schema;
      if (schema === undefined || path.includes('/admin/')) return [];
      const upper = method.toUpperCase();
      return [
        {
          name: `${upper} ${path}`,
          method: upper,
          path: filled(path),
          type: 'application/json',
          document: exampleOf(schema),
        },
      ];
    }),
  );

export const DOORS: readonly Door[] = [...STANDARDS, ...ownDoors()];

/** Every text of a document: its place, and the document with another text there. */
export function* variantsOf(document: Json, text: string, at = ''): Generator<readonly [place: string, changed: Json]> {
  if (typeof document === 'string') yield [at, text];
  if (typeof document !== 'object' || document === null) return;
  if (Array.isArray(document)) {
    for (const [place, member] of document.entries())
      for (const [where, changed] of variantsOf(member, text, `${at}.${place}`))
        yield [where, document.with(place, changed)];
    return;
  }
  for (const [key, member] of Object.entries(document))
    for (const [where, changed] of variantsOf(member, text, `${at}.${key}`))
      yield [where, { ...document, [key]: changed }];
}

/** Addresses of every door that is read, with one long parameter each. */
export const addressesWith = (text: string): { readonly name: string; readonly path: string }[] =>
  Object.entries(openApi.paths).flatMap(([path, methods]) => {
    if (methods['get'] === undefined || path.endsWith('/events')) return [];
    const long = encodeURIComponent(text);
    const inPath = path.includes('{') ? [{ name: `GET ${path}`, path: filled(path, long) }] : [];
    const inQuery = (methods['get'].parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => ({ name: `GET ${path}?${name}`, path: `${filled(path)}?${name}=${long}` }));
    return [...inPath, ...inQuery];
  });

const MESSAGE = [
  'MSH|^~\\&|LIS|BV|HAIDANG|BV|20260301080000+0700||ORU^R01^ORU_R01|1|P|2.5.1||||||UNICODE UTF-8',
  'PID|1||BN-1^^^HIS^MR||A^B||19650131|M',
  'OBR|1|P1||GLU^Glucose^L|||20260301070000',
  'OBX|1|NM|2345-7^Glucose^LN||5.5|mmol/L|||||F',
];

/** An HL7 result with one field made long, field by field; the delimiters of MSH stay. */
export function* messagesWith(text: string): Generator<readonly [place: string, message: string]> {
  for (const [row, segment] of MESSAGE.entries()) {
    const fields = segment.split('|');
    for (let place = row === 0 ? 2 : 1; place < fields.length; place += 1)
      yield [
        `${fields[0]}-${row === 0 ? place + 1 : place}`,
        `${MESSAGE.with(row, fields.with(place, text).join('|')).join('\r')}\r`,
      ];
  }
}

const CLAIM_TEXTS = ['MACSKCB', 'NGAYLAP', 'MA_LK', 'MA_BN', 'NGAY_SINH', 'GIOI_TINH', 'CAN_NANG'] as const;

/** A claim file with one text made long, element by element; those of the record lie in it as Base64. */
export function* claimsWith(text: string): Generator<readonly [place: string, file: string]> {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  for (const long of CLAIM_TEXTS) {
    const tag = (name: string): string => `<${name}>${name === long ? safe : '1'}</${name}>`;
    const record = `<TONG_HOP>${CLAIM_TEXTS.slice(2).map(tag).join('')}</TONG_HOP>`;
    const content = Buffer.from(record).toString('base64');
    yield [
      long,
      `<?xml version="1.0" encoding="utf-8"?><GIAMDINHHS><THONGTINDONVI>${tag('MACSKCB')}</THONGTINDONVI><THONGTINHOSO>${tag('NGAYLAP')}<SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>`,
    ];
  }
}
