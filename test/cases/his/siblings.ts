// Siblings of the public cases: the same kinds of fault with other codes, statuses, doors, units, hours and languages.
import type { Case, Expectation } from './case.ts';
import {
  answered,
  assess,
  BAD,
  both,
  checkDrug,
  CHOLESTEROL,
  claim,
  clinical,
  type Code,
  diagnosed,
  DIABETES,
  GOOD,
  HDL,
  HEART,
  HEART_SILENT,
  HEART_TOLD,
  HEART_UNASKED,
  HL7_HEART,
  HL7_KIDNEY,
  hl7,
  hook,
  ICD10,
  icd,
  ICPC2,
  LOINC,
  MAN,
  named,
  NEWS_TOLD,
  observed,
  patient,
  PRESSURE,
  risk,
  sct,
  SMOKES,
  SNOMED,
  verification,
  vitals,
} from './sibling.ts';

const KIDNEY_TOLD: Expectation = { told: [{ topic: 'egfr', within: [5.1, 5.5] }] };
const KIDNEY_SILENT: Expectation = { silent: ['egfr'] };
const man60 = patient('male', '{born:60}');
const creatinine = (
  codes: Parameters<typeof observed>[1],
  value: readonly [value: number, unit: string] = [900, 'umol/L'],
  more = {},
) => observed('lab', codes, value, more);

const systems: readonly Case[] = [
  named('F1', 'creatinine-no-system', 'a coding without a system', [
    hook([man60, creatinine([[undefined, '2160-0']])], KIDNEY_SILENT),
    assess([man60, creatinine([[undefined, '2160-0']])], KIDNEY_SILENT),
  ]),
  named('F1', 'creatinine-other-oid', 'LOINC’s number under another OID', [
    ...both([man60, creatinine([['urn:oid:1.2.3.4', '2160-0']])], KIDNEY_SILENT),
  ]),
  named('F1', 'creatinine-loinc-oid', 'LOINC by its OID', [
    ...both([man60, creatinine([['urn:oid:2.16.840.1.113883.6.1', '2160-0']])], KIDNEY_TOLD),
  ]),
  named('F1', 'hl7-local-2160', 'OBX-3 with LOINC’s number in a local table', [
    hl7(['NM|2160-0^Creatinin^L||900|umol/L|||||F', 'NM|1920-8^^LN||30|U/L|||||F']),
    checkDrug({}, KIDNEY_SILENT, { until: 1 }),
  ]),
  named('F1', 'hl7-second-triplet', 'LOINC in the second triplet of OBX-3', [
    hl7(['NM|CREA^Creatinin^L^2160-0^Creatinine^LN||900|umol/L|||||F']),
    checkDrug({}, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
  named('F1', 'hl7-only-second-triplet', 'the first triplet of OBX-3 is empty', [
    hl7(['NM|^^^2160-0^Creatinine^LN||900|umol/L|||||F']),
    checkDrug({}, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
  named('F1', 'hl7-site-code', 'a code that the site’s table explains', [
    hl7(['NM|GL-CREA^Creatinin^L||900|umol/L|||||F']),
    checkDrug({}, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
  named('F1', 'fhir-site-code', 'the same at FHIR’s doors', [
    ...both([man60, creatinine([['urn:gl:xet-nghiem', 'GL-CREA']])], KIDNEY_TOLD),
  ]),
  named('F1', 'claim-loinc-number', 'MA_CHI_SO 2160-0 without an entry in the table is a code of the claim', [
    claim([['2160-0', '900', 'umol/L']]),
    checkDrug({}, KIDNEY_SILENT, { until: 1 }),
  ]),
  named('F1', 'icd-9', 'ICD-9-CM 410.9 under its own system, and I21 as an ICD-10-GM code', [
    hook([...HEART, diagnosed([['http://hl7.org/fhir/sid/icd-9-cm', '410.9']])], HEART_TOLD),
    hook([...HEART, diagnosed([['http://fhir.de/CodeSystem/bfarm/icd-10-gm', 'I21.9']])], HEART_TOLD),
  ]),
  named('F1', 'ward-I63', 'I63 is a room', [...both([...HEART, diagnosed([['urn:gl:phong', 'I63']])], HEART_TOLD)]),
  named('F1', 'icpc-T90', 'ICPC-2 T90 is diabetes; ICD-10 T90 is a sequela of head injury', [
    hook([MAN, CHOLESTEROL, HDL, PRESSURE, SMOKES, diagnosed([[ICPC2, 'T90']])], HEART_TOLD),
    hook([MAN, CHOLESTEROL, HDL, PRESSURE, SMOKES, icd('T90.5')], { told: [{ topic: 'cvd', ends: [23, 36] }] }),
  ]),
  named('F1', 'icpc-K90', 'ICPC-2 K90 is a stroke', [...both([...HEART, diagnosed([[ICPC2, 'K90']])], HEART_SILENT)]),
  named('F1', 'icpc-I21-none', 'I21 under ICPC-2 is nothing', [
    hook([...HEART, diagnosed([[ICPC2, 'I21']])], HEART_TOLD),
  ]),
  named('F1', 'second-coding-condition', 'the ICD-10 coding stands behind a local one', [
    ...both(
      [
        ...HEART,
        diagnosed([
          ['urn:gl:benh', 'NMCT'],
          [ICD10, 'I21.9'],
        ]),
      ],
      HEART_SILENT,
    ),
  ]),
  named('F1', 'local-pregnancy', 'O80 is a local drug code', [
    hook([patient('female', '{born:36}'), ...vitals(BAD), diagnosed([['urn:gl:thuoc', 'O80']])], NEWS_TOLD),
  ]),
  named('F1', 'risk-system', 'our own door carries a system', [
    risk({ sex: 'male', ageYears: 60 }, [{ code: '2160-0', system: 'urn:gl:x', value: 900, unit: 'umol/L' }], {
      ...KIDNEY_SILENT,
      rejected: [{ code: '2160-0', because: 'unknown-system' }],
    }),
    risk({ sex: 'male', ageYears: 60 }, [{ code: '2160-0', system: LOINC, value: 900, unit: 'umol/L' }], KIDNEY_TOLD),
  ]),
  named('F1', 'vital-local', 'local codes named as vital signs: no NEWS2', [
    hook(
      [
        man60,
        ...['sbp', 'heart_rate', 'respiratory_rate', 'temperature', 'spo2'].map((code, at) =>
          observed('vital', [['urn:gl:sinh-hieu', code]], Object.values(BAD)[at] ?? [0, '1']),
        ),
      ],
      { silent: ['news2'] },
    ),
  ]),
];

const over = (more: object): Expectation => ({ ...HEART_SILENT, ...more });
const history: readonly Case[] = [
  ...(['inactive', 'remission', 'resolved', 'recurrence', 'relapse'] as const).map((one) =>
    named(
      'F2',
      `stroke-${one}`,
      `a stroke that is ${one}`,
      both([...HEART, icd('I63.9', clinical(one))], HEART_SILENT),
    ),
  ),
  named('F2', 'tia-abated', 'a transient attack with an end, no status', [
    ...both([...HEART, icd('G45.9', { clinicalStatus: undefined, abatementDateTime: '{day:-900}' })], HEART_SILENT),
  ]),
  named('F2', 'old-codes', 'codes that say history themselves', [
    ...['I25.2', 'I69.3', 'Z95.5', 'I69.4'].map((code) => hook([...HEART, icd(code)], HEART_SILENT)),
    hook([...HEART, diagnosed([['http://hl7.org/fhir/sid/icd-10-cm', 'Z86.73']])], HEART_SILENT),
    ...['161502000', '275526006', '161511000', '428375006', '399261000'].map((code) =>
      hook([...HEART, sct(code)], HEART_SILENT),
    ),
  ]),
  named('F2', 'entered-in-error', 'entered in error never was', [
    ...both([...HEART, icd('I21.9', { ...verification('entered-in-error'), clinicalStatus: undefined })], HEART_TOLD),
  ]),
  named('F2', 'refuted-resolved', 'refuted outweighs resolved', [
    ...both([...HEART, icd('I63.9', { ...verification('refuted'), ...clinical('resolved') })], HEART_TOLD),
  ]),
  named('F2', 'dstu2', 'statuses as plain texts', [
    hook([...HEART, icd('I21.9', { clinicalStatus: 'resolved', verificationStatus: 'confirmed' })], HEART_SILENT),
    hook([...HEART, icd('I21.9', { clinicalStatus: undefined, verificationStatus: 'refuted' })], HEART_TOLD),
  ]),
  named('F2', 'family', 'a heart attack of the father', [
    hook([...HEART, icd('Z82.4')], HEART_TOLD),
    hook(
      [
        ...HEART,
        {
          resourceType: 'FamilyMemberHistory',
          id: 'gl-f1',
          status: 'completed',
          patient: { reference: 'Patient/{patient}' },
          condition: [{ code: { coding: [{ system: ICD10, code: 'I21.9' }] } }],
        },
      ],
      HEART_TOLD,
    ),
  ]),
  named('F2', 'diabetes-resolved', 'diabetes in remission is diabetes', [
    hook([MAN, CHOLESTEROL, HDL, PRESSURE, SMOKES, icd('E11.9', clinical('remission'))], HEART_TOLD),
  ]),
  named('F2', 'cha2ds2-stroke-resolved', 'a resolved stroke counts two points', [
    hook([patient('female', '{born:76}'), icd('I48.0'), icd('I63.9', clinical('resolved'))], {
      told: [{ topic: 'cha2ds2', within: [4.94, 9.09] }],
    }),
  ]),
  named('F2', 'prevent-asked', 'other equations for primary prevention, by name', [
    ['score2_asia_pacific', 'aha_prevent_2023', 'framingham_cvd_2008'].map((equation) =>
      risk(
        { sex: 'male', ageYears: 62 },
        [
          { code: '2093-3', value: 6.8, unit: 'mmol/L' },
          { code: '2085-9', value: 1.1, unit: 'mmol/L' },
          { code: '8480-6', value: 170, unit: 'mm[Hg]' },
          { code: 'smoker', value: true },
          { code: 'diabetes', value: true },
          { code: 'I25.2', value: true },
        ],
        { silent: ['cvd'], says: [['premise-broken|not-applicable']] },
        { equations: [equation] },
      ),
    ),
  ]),
  named('F2', 'checkdrug-sequelae', 'icd I69.3 and Z95.5 at CheckDrug', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'J18.9;I69.3' }, over({}), { await: 'egfr' }),
  ]),
  named('F2', 'checkdrug-visit-before', 'a stroke was named at the visit before; this visit is a pneumonia', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'I63.9', maYTe: '{patient}-A' }, HEART_SILENT, { await: 'egfr' }),
    checkDrug({ icd: 'J18.9', maYTe: '{patient}-B' }, HEART_SILENT),
    checkDrug({ icd: 'J18.9', maYTe: '{patient}-B' }, HEART_SILENT, { after: 2 }),
  ]),
];

const established: readonly Case[] = [
  ...[
    ['coronary', ['I20.9', 'I22.0', 'I23.0', 'I24.9', 'I25.1', 'I25.9', 'Z95.5', 'Z95.1']],
    ['brain', ['I60.9', 'I61.0', 'I63.0', 'I64', 'G45.0', 'G45.8', 'G46.0', 'I69.0']],
    ['limbs', ['I70.2', 'I73.9', 'I79.2', 'E11.5', 'I73.1']],
  ].map(([name, codes]) =>
    named('F3', `icd-${String(name)}`, `ICD-10: ${String(name)}`, [
      [codes ?? []].flat().map((code) => hook([...HEART, icd(code)], HEART_SILENT)),
    ]),
  ),
  ...[
    [
      'coronary',
      [
        '401314000',
        '73795002',
        '1755008',
        '194828000',
        '53741008',
        '414545008',
        '232717009',
        '36969009',
        '414795007',
        '63739005',
        '233970002',
        '398274000',
        '11101003',
        '41339005',
        '373108000',
        '67682002',
        '81266008',
        '67166004',
      ],
    ],
    ['brain', ['230690007', '422504002', '432504007', '274100004', '21454007', '266257000', '275526006', '195165005']],
    [
      'limbs',
      [
        '399957001',
        '840580004',
        '63491006',
        '51274000',
        '127014009',
        '421895002',
        '421365002',
        '422166005',
        '233958001',
      ],
    ],
  ].map(([name, codes]) =>
    named('F3', `sct-${String(name)}`, `SNOMED CT: ${String(name)}`, [
      [codes ?? []].flat().map((code) => hook([...HEART, sct(code)], HEART_SILENT)),
    ]),
  ),
  named('F3', 'neighbours', 'what is no established disease', [
    ...[
      'I80.2',
      'I83.0',
      'I73.0',
      'Z95.0',
      'Z95.2',
      'I10',
      'I48.0',
      'I34.0',
      'Z82.4',
      'I49.9',
      'R07.4',
      'I95.9',
      'Q21.0',
    ].map((code) => hook([...HEART, icd(code)], HEART_TOLD)),
    ...['128060009', '195295006', '441509002', '38341003', '49436004', '266897007', '429959009', '160303001'].map(
      (code) => hook([...HEART, sct(code)], HEART_TOLD),
    ),
  ]),
  named('F3', 'spelling', 'I219, i21.9 and a cross', [
    ['I219', 'i21.9', 'I21.9†', 'I79.2*', ' I21.9 '].map((code) => hook([...HEART, icd(code)], HEART_SILENT)),
  ]),
  named('F3', 'checkdrug', 'icd with names and marks', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'I20.0 - Cơn đau thắt ngực không ổn định; E11.9' }, HEART_SILENT, { await: 'egfr' }),
  ]),
  named('F3', 'claim-diagnosis', 'the claim’s own MA_BENH_CHINH and MA_BENH_KT name the disease', [
    claim([], { summary: '<MA_BENH_CHINH>J18.9</MA_BENH_CHINH><MA_BENH_KT>I25.2;E11.9</MA_BENH_KT>' }),
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({}, HEART_SILENT, { await: 'egfr' }),
  ]),
  named('F3', 'claim-diagnosis-later', 'a claim that names the disease takes the told risk with it', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'E11.9' }, HEART_TOLD, { await: 'cvd' }),
    claim([], { summary: '<MA_BENH_CHINH>I63.9</MA_BENH_CHINH><NGAY_RA>{vn:-90}</NGAY_RA>' }),
    checkDrug({ icd: 'E11.9' }, HEART_SILENT, { until: 8 }),
  ]),
  named('F3', 'claim-corrected', 'a claim that no longer names it gives the risk back', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    claim([], { summary: '<MA_BENH_CHINH>I63.9</MA_BENH_CHINH>' }),
    checkDrug({ icd: 'E11.9' }, HEART_SILENT, { await: 'egfr' }),
    claim([], { summary: '<MA_BENH_CHINH>J18.9</MA_BENH_CHINH>' }),
    checkDrug({ icd: 'E11.9' }, HEART_TOLD, { await: 'cvd' }),
  ]),
  named('F3', 'checkdrug-then-hook', 'a stroke that HisPro coded is one at the hook too', [
    checkDrug({ icd: 'I63.9' }, {}),
    hook(HEART, HEART_SILENT, { after: 1 }),
  ]),
  named('F3', 'checkdrug-refuted-at-hook', 'and is none where the record refutes it', [
    checkDrug({ icd: 'I63.9' }, {}),
    hook([...HEART, icd('I63.8', verification('refuted'))], HEART_TOLD, { after: 1 }),
  ]),
  named('F3', 'checkdrug-corrected', 'the same treatment, coded anew', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'I63.9;E11.9' }, HEART_SILENT, { await: 'egfr' }),
    checkDrug({ icd: 'G40.9;E11.9' }, HEART_TOLD, { await: 'cvd' }),
  ]),
];

const girl = patient('female', '{born:15}');
const woman30 = patient('female', '{born:30}');
const says = (...patterns: string[]): Expectation => ({ silent: ['news2'], says: [['NEWS', ...patterns]] });
const PREGNANCY = 'thai|pregnan';
const persons: readonly Case[] = [
  named('F4', 'girl-15', 'a girl of fifteen', [
    hook([girl, ...vitals(BAD)], says('tuổi|\\bage\\b|16')),
    hook([girl, ...vitals(BAD)], says('age|16'), { language: 'en' }),
    assess([girl, ...vitals(BAD)], { silent: ['news2'], notAssessed: ['news2'] }),
  ]),
  named('F4', 'boy-year', 'a birth year that leaves 15 and 16 open', [
    hook([patient('male', '{bornyear:15}'), ...vitals(BAD)], { says: [['NEWS']] }),
  ]),
  named('F4', 'pregnant-icd', 'pregnant by ICD-10', [
    hook([woman30, ...vitals(BAD), icd('Z34.0', { onsetDateTime: '{day:-60}' })], says(PREGNANCY)),
    hook([woman30, ...vitals(BAD), icd('O14.1', { recordedDate: '{day:-3}' })], says(PREGNANCY)),
    hook([woman30, ...vitals(BAD), sct('77386006', { onsetDateTime: '{day:-60}' })], says(PREGNANCY), {
      language: 'en',
    }),
    assess([woman30, ...vitals(BAD), icd('Z33')], { silent: ['news2'], notAssessed: ['news2'] }),
  ]),
  named('F4', 'pregnant-observation', 'pregnancy status as an observation', [
    hook([woman30, ...vitals(BAD), observed('social', '82810-3', answered([SNOMED, '77386006']))], says(PREGNANCY)),
    hook([woman30, ...vitals(BAD), observed('social', '82810-3', answered([SNOMED, '60001007']))], NEWS_TOLD),
    hook(
      [
        woman30,
        ...vitals(BAD),
        observed('social', '82810-3', answered([LOINC, 'LA15173-0']), { effectiveDateTime: '{days:-700}' }),
      ],
      NEWS_TOLD,
    ),
  ]),
  named('F4', 'pregnancy-ended', 'resolved, abated, run out', [
    ...[
      { ...clinical('resolved'), onsetDateTime: '{day:-200}' },
      { clinicalStatus: undefined, onsetDateTime: '{day:-200}', abatementDateTime: '{day:-2}' },
      { onsetPeriod: { start: '{day:-900}', end: '{day:-640}' } },
      { onsetDateTime: '{day:-400}' },
      { recordedDate: '{day:-400}' },
      verification('refuted'),
    ].map((more) => hook([woman30, ...vitals(BAD), icd('Z34.9', more)], NEWS_TOLD)),
    hook([woman30, ...vitals(BAD), sct('77386006', { onsetDateTime: '{day:-2900}' })], NEWS_TOLD),
    hook([woman30, ...vitals(BAD), diagnosed([[ICPC2, 'W78']], { onsetDateTime: '{day:-2900}' })], NEWS_TOLD),
  ]),
  named('F4', 'kidney-17', 'eGFR of a boy of seventeen', [
    hook([patient('male', '{born:17}'), creatinine('2160-0')], {
      silent: ['egfr'],
      says: [['eGFR|lọc cầu thận|CKD-EPI', 'tuổi|18']],
    }),
  ]),
  named('F4', 'heart-38', 'WHO’s chart of a man of 38', [
    hook([patient('male', '{born:38}'), CHOLESTEROL, HDL, PRESSURE, SMOKES, DIABETES], {
      silent: [{ topic: 'cvd', within: [35, 37] }],
    }),
    hook([patient('male', '{born:85}'), CHOLESTEROL, HDL, PRESSURE, SMOKES, DIABETES], {
      silent: [{ topic: 'cvd', within: [35, 37] }],
      says: [['tim mạch', 'tuổi|ngoài']],
    }),
  ]),
  named('F4', 'risk-pregnant', 'our own door says why', [
    risk(
      { sex: 'female', ageYears: 30 },
      [
        ...Object.entries(BAD).map(([code, [value, unit]]) => ({ code, value, unit })),
        { code: 'pregnancy', value: true },
      ],
      { silent: ['news2'], says: [['news2', 'premise-broken']] },
    ),
  ]),
  named('F4', 'checkdrug-pregnant', 'O24.4 at CheckDrug, vital signs by HL7: a line says why', [
    hl7(
      Object.entries(BAD).map(([code, [value, unit]]) => `NM|${code}^^LN||${value}|${unit}|||||F`),
      { born: '{hl7born:30}', sex: 'F' },
    ),
    checkDrug({ icd: 'O24.4', sex: 'Nữ', dob: '{born:30}T00:00:00' }, says(PREGNANCY), { until: 5 }),
  ]),
  named('F4', 'checkdrug-boy', 'a boy of fifteen at CheckDrug: a line says why', [
    hl7(
      Object.entries(BAD).map(([code, [value, unit]]) => `NM|${code}^^LN||${value}|${unit}|||||F`),
      { born: '{hl7born:15}' },
    ),
    checkDrug({ dob: '{born:15}T00:00:00' }, says('tuổi|16'), { until: 5 }),
  ]),
];

const platelets = (more = {}) => observed('lab', '777-3', [110, '10*9/L'], more);
const LIVER = [man60, observed('lab', '1920-8', [90, 'U/L']), observed('lab', '1742-6', [40, 'U/L']), icd('K74.6')];
const NEWS_HIGH_SILENT: Expectation = { silent: [{ topic: 'news2', within: [7, 20] }] };
const FIB_TOLD: Expectation = { told: [{ topic: 'fib4', within: [7.684, 7.84] }] };
const hl7Vitals = (values: typeof BAD) =>
  Object.entries(values).map(([code, [value, unit]]) => `NM|${code}^^LN||${value}|${unit}|||||F`);
const asked60 = { dob: '{born:60}T00:00:00' };
const RANGE: Expectation = { told: [{ topic: 'cvd', ends: [23, 36] }] };
/** First of all: an alert of a kept result counts for the hour’s bound, and many cases fill it. */
const keptFallen: readonly Case[] = [
  named('F5', 'kept-then-hl7', 'a kept result of our own door falls by a newer HL7 result', [
    risk(
      { code: '{patient}', sex: 'male', birthDate: '{born:60}' },
      [{ code: '2160-0', value: 900, unit: 'umol/L', time: '{hours:-5}' }],
      KIDNEY_TOLD,
      { keep: true },
    ),
    hook([man60], KIDNEY_TOLD, { failing: 'laboratory' }),
    hl7(['NM|2160-0^^LN||90|umol/L|||||F'], { minutes: -5, born: '{hl7born:60}' }),
    hook([man60], KIDNEY_SILENT, { failing: 'laboratory', until: 8 }),
  ]),
  named('F5', 'kept-again', 'a kept result falls by the next one', [
    risk(
      { code: '{patient}', sex: 'male', birthDate: '{born:60}' },
      [{ code: '2160-0', value: 900, unit: 'umol/L', time: '{hours:-5}' }],
      KIDNEY_TOLD,
      { keep: true },
    ),
    risk(
      { code: '{patient}', sex: 'male', birthDate: '{born:60}' },
      [{ code: '2160-0', value: 90, unit: 'umol/L', time: '{hours:-1}' }],
      {},
      { keep: true },
    ),
    hook([man60], KIDNEY_SILENT, { failing: 'laboratory', until: 8 }),
  ]),
  named('F5', 'kept-pregnancy', 'a kept NEWS2, then a pregnancy at the same door', [
    risk(
      { code: '{patient}', sex: 'female', birthDate: '{born:30}' },
      Object.entries(BAD).map(([code, [value, unit]]) => ({ code, value, unit, time: '{minutes:-20}' })),
      NEWS_TOLD,
      { keep: true },
    ),
    risk(
      { code: '{patient}', sex: 'female', birthDate: '{born:30}' },
      [
        ...Object.entries(BAD).map(([code, [value, unit]]) => ({ code, value, unit, time: '{minutes:-20}' })),
        { code: 'Z34.0', value: true },
      ],
      { silent: ['news2'] },
      { keep: true },
    ),
    hook([woman30], NEWS_HIGH_SILENT, { failing: 'vital' }),
  ]),
];

const fallen: readonly Case[] = [
  named('F5', 'platelets-withdrawn', 'platelets entered in error', [
    hook([...LIVER, platelets()], FIB_TOLD),
    hook([...LIVER, platelets({ status: 'entered-in-error' })], { silent: ['fib4'] }),
  ]),
  named('F5', 'creatinine-corrected', 'corrected to 90', [
    hook([man60, creatinine('2160-0')], KIDNEY_TOLD),
    hook([man60, creatinine('2160-0', [90, 'umol/L'], { status: 'corrected' })], KIDNEY_SILENT),
  ]),
  named('F5', 'creatinine-cancelled', 'cancelled', [
    hook([man60, creatinine('2160-0')], KIDNEY_TOLD),
    hook([man60, creatinine('2160-0', [900, 'umol/L'], { status: 'cancelled' })], KIDNEY_SILENT),
  ]),
  named('F5', 'creatinine-gone', 'the laboratory has nothing any more', [
    hook([man60, creatinine('2160-0')], KIDNEY_TOLD),
    hook([man60], KIDNEY_SILENT),
  ]),
  named('F5', 'creatinine-newer', 'a newer normal one', [
    hook([man60, creatinine('2160-0')], KIDNEY_TOLD),
    hook(
      [man60, creatinine('2160-0'), creatinine('2160-0', [90, 'umol/L'], { effectiveDateTime: '{days:-1}' })],
      KIDNEY_SILENT,
    ),
  ]),
  named('F5', 'creatinine-contradicted', 'another value of the same moment', [
    hook([man60, creatinine('2160-0', [900, 'umol/L'], { effectiveDateTime: '{day:-10}' })], KIDNEY_TOLD),
    hook(
      [
        man60,
        creatinine('2160-0', [900, 'umol/L'], { effectiveDateTime: '{day:-10}' }),
        creatinine('2160-0', [90, 'umol/L'], { effectiveDateTime: '{day:-10}' }),
      ],
      KIDNEY_SILENT,
    ),
  ]),
  named('F5', 'dialysis-added', 'dialysis is entered', [
    hook([man60, creatinine('2160-0')], KIDNEY_TOLD),
    hook([man60, creatinine('2160-0'), icd('Z99.2')], KIDNEY_SILENT),
  ]),
  named('F5', 'stroke-added-en', 'a stroke by SNOMED CT, in English', [
    hook(HEART, HEART_TOLD, { language: 'en' }),
    hook([...HEART, sct('230690007')], HEART_SILENT, { language: 'en' }),
  ]),
  named('F5', 'diabetes-refuted', 'diabetes is refuted: the number becomes a range', [
    hook(HEART, HEART_TOLD),
    hook([...HEART.slice(0, -1), icd('E11.9', verification('refuted'))], RANGE),
  ]),
  named('F5', 'pregnancy-added', 'a pregnancy is entered', [
    hook([woman30, ...vitals(BAD)], NEWS_TOLD),
    hook([woman30, ...vitals(BAD), icd('Z34.0')], says(PREGNANCY)),
  ]),
  named('F5', 'birth-corrected', 'the birth date was that of the father', [
    hook([man60, ...vitals(BAD)], NEWS_TOLD),
    hook([patient('male', '{born:15}'), ...vitals(BAD)], says('tuổi|16')),
  ]),
  named('F5', 'vitals-checkdrug', 'vital signs by HL7: bad, then normal', [
    hl7(hl7Vitals(BAD), { minutes: -180 }),
    checkDrug(asked60, NEWS_TOLD, { await: 'news2' }),
    hl7(hl7Vitals(GOOD), { minutes: -5, order: '{patient}-2' }),
    checkDrug(asked60, NEWS_HIGH_SILENT, { until: 8 }),
    hook([man60], NEWS_HIGH_SILENT),
  ]),
  named('F5', 'vitals-some-normal', 'three of five are normal again', [
    hook([man60, ...vitals(BAD, '{hours:-3}')], NEWS_TOLD),
    hook(
      [
        man60,
        ...vitals(BAD, '{hours:-3}'),
        ...vitals({ '8480-6': [124, 'mm[Hg]'], '8867-4': [76, '/min'], '9279-1': [16, '/min'] }, '{minutes:-5}'),
      ],
      { silent: [{ topic: 'news2', within: [13, 20] }] },
    ),
  ]),
  ...['D', 'W', 'X'].map((status) =>
    named('F5', `hl7-${status}`, `OBX-11 ${status}`, [
      hl7([HL7_KIDNEY], { born: '{hl7born:60}' }),
      checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
      hl7([`NM|2160-0^^LN||${status === 'D' ? '' : '900'}|umol/L|||||${status}`], { born: '{hl7born:60}' }),
      checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
    ]),
  ),
  named('F5', 'hl7-platelets-corrected', 'platelets of 11 were 210', [
    hl7(['NM|1920-8^^LN||90|U/L|||||F', 'NM|1742-6^^LN||40|U/L|||||F', 'NM|777-3^^LN||110|10*9/L|||||F'], {
      born: '{hl7born:60}',
    }),
    checkDrug({ ...asked60, icd: 'K74.6' }, FIB_TOLD, { await: 'fib4' }),
    hl7(['NM|777-3^^LN||410|10*9/L|||||C'], { born: '{hl7born:60}' }),
    checkDrug({ ...asked60, icd: 'K74.6' }, { silent: [{ topic: 'fib4', within: [7, 8] }] }, { until: 8 }),
  ]),
  named('F5', 'claim-again', 'the claim is sent again with the right value', [
    claim([['GL-CREA', '900', 'umol/L']]),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
    claim([['GL-CREA', '90', 'umol/L']]),
    checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
  ]),
  named('F5', 'claim-then-hl7', 'a newer HL7 result', [
    claim([['GL-CREA', '900', 'umol/L']]),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
    hl7(['NM|2160-0^^LN||90|umol/L|||||F'], { minutes: -5 }),
    checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
    hook([man60], KIDNEY_SILENT),
  ]),
  named('F5', 'stroke-at-checkdrug', 'a stroke is coded at the next question', [
    hl7([...HL7_HEART]),
    checkDrug({ icd: 'E11.9' }, HEART_TOLD, { await: 'cvd' }),
    checkDrug({ icd: 'E11.9;I63.9' }, HEART_SILENT, { until: 8 }),
    hook([MAN], HEART_SILENT),
  ]),
  named('F5', 'conditions-not-had', 'the diagnoses are an error: nothing is withdrawn', [
    hook(HEART, HEART_TOLD),
    hook(HEART, { told: [{ topic: 'cvd' }] }, { failing: 'Condition' }),
  ]),
];

const drug: readonly Case[] = [
  ...[
    'I63.9 E11',
    'i63.9',
    'I639',
    'I63.9;',
    'E11.9,I25.2',
    'J18;G45',
    '(I21.9) Nhồi máu cơ tim cấp',
    'I10, I63.9',
  ].map((codes, at) =>
    named('F6', `prior-${at}`, `icd '${codes}': established disease`, [
      hl7([...HL7_HEART, HL7_KIDNEY]),
      checkDrug({ icd: codes }, HEART_SILENT, { await: 'egfr' }),
    ]),
  ),
  ...['I10 E11.9', 'E119', 'I10,E11', 'J45; E10.9'].map((codes, at) =>
    named('F6', `diabetes-${at}`, `icd '${codes}': diabetes`, [
      hl7(HL7_HEART),
      checkDrug({ icd: codes }, HEART_TOLD, { await: 'cvd' }),
    ]),
  ),
  named('F6', 'liver', 'icd K74.6 makes FIB-4 applicable', [
    hl7(['NM|1920-8^^LN||90|U/L|||||F', 'NM|1742-6^^LN||40|U/L|||||F', 'NM|777-3^^LN||110|10*9/L|||||F']),
    checkDrug({ ...asked60, icd: 'K74.6' }, FIB_TOLD, { await: 'fib4' }),
  ]),
  named('F6', 'fibrillation', 'icd I48;I63.9 of a woman of 76', [
    hl7([HL7_KIDNEY], { born: '{hl7born:76}', sex: 'F' }),
    checkDrug(
      { icd: 'I48.0;I63.9', sex: 'Nữ', dob: '{born:76}T00:00:00' },
      { told: [{ topic: 'cha2ds2', within: [4.94, 9.09] }] },
      { await: 'cha2ds2' },
    ),
  ]),
];

const kfre = (unit: string, value: number, egfrUnit = 'mL/min/{1.73_m2}') =>
  risk(
    { sex: 'male', ageYears: 60 },
    [
      { code: '62238-1', value: 40, unit: egfrUnit },
      { code: '9318-7', value, unit },
    ],
    { told: [{ topic: 'kfre', within: [7.3, 7.5] }], rejected: [] },
    { equations: ['kfre'] },
  );
const units: readonly Case[] = [
  named('F7', 'uacr', 'spellings of albumin to creatinine', [
    kfre('mg/g{creatinine}', 300),
    kfre('mg/g{Cre}', 300),
    kfre('ug/mg{creat}', 300),
    kfre('mg/g creat', 300),
    kfre('mg/g', 300),
    kfre('mg/mmol{creat}', 33.936),
    kfre('mg{albumin}/g{creat}', 300),
    kfre('MG/G', 300),
  ]),
  named('F7', 'egfr', 'spellings of clearance', [
    [
      'mL/min/1.73m2',
      'ml/min/1.73 m2',
      'mL/min/1.73 m²',
      'mL/min/1,73m²',
      'ml/phút/1,73 m²',
      'mL/min/1.73_m2',
      'mL/min/{1.73m2}',
      'ML/MIN/1.73M2',
      'mL/min/{1.73 m2}',
      'mL/min per 1.73 m2',
    ].map((unit) => kfre('mg/g', 300, unit)),
  ]),
  named('F7', 'platelets', 'spellings of platelets', [
    (
      [
        '10*9{cells}/L',
        '10*9/L',
        '10^9/L',
        'x10^9/L',
        'G/L',
        'K/uL',
        '10*3/uL',
        '10³/µL',
        'K/µL',
        '10*9/l',
        'x 10⁹/L',
        '10E9/L',
        'Giga/L',
        '10*3{platelets}/uL',
        '10^3/mm3',
      ] as const
    ).map((unit) => hook([...LIVER, observed('lab', '777-3', [110, unit])], FIB_TOLD)),
  ]),
  named('F7', 'creatinine', 'spellings of creatinine', [
    ...(
      ['umol/L', 'µmol/L', 'μmol/L', 'umol/l', 'UMOL/L', 'umol/L{serum}', 'micromol/L', 'mcmol/L', 'nmol/mL'] as const
    ).map((unit) => assess([man60, creatinine('2160-0', [900, unit])], KIDNEY_TOLD)),
    assess([man60, creatinine('2160-0', [10.18, 'mg/dL'])], KIDNEY_TOLD),
    assess([man60, creatinine('2160-0', [10.18, 'mg%'])], KIDNEY_TOLD),
    assess([man60, creatinine('2160-0', [101.8, 'mg/L'])], KIDNEY_TOLD),
  ]),
  named('F7', 'refused', 'other quantities stay refused', [
    ['mmol', 'g', 'mg', 'umol/d', 'umol/kg', 'meq/L', 'U/L', '/min', 'mmol/mol', '{score}', 'xyz'].map((unit) =>
      risk(
        { sex: 'male', ageYears: 60 },
        [{ code: '2160-0', value: 900, unit }],
        { silent: ['egfr'], rejected: [{ code: '2160-0', because: 'unit' }] },
        { equations: ['ckd_epi_2021'] },
      ),
    ),
  ]),
  named('F7', 'vitals', 'annotated and spelt vital signs', [
    hook(
      [
        man60,
        ...vitals({
          '8480-6': [84, 'mmHg'],
          '8867-4': [134, '{beats}/min'],
          '9279-1': [27, '{breaths}/min'],
          '8310-5': [102.9, '[degF]'],
          '59408-5': [90, '%{O2Sat}'],
        }),
      ],
      NEWS_TOLD,
    ),
    hook(
      [
        man60,
        ...vitals({
          '8480-6': [84, 'mm Hg'],
          '8867-4': [134, 'lần/phút'],
          '9279-1': [27, 'nhịp/phút'],
          '8310-5': [39.4, '°C'],
          '59408-5': [90, '%'],
        }),
      ],
      NEWS_TOLD,
    ),
    hook(
      [
        man60,
        ...vitals({
          '8480-6': [11.2, 'kPa'],
          '8867-4': [134, 'bpm'],
          '9279-1': [27, '1/min'],
          '8310-5': [39.4, 'độ C'],
          '59408-5': [0.9, '1'],
        }),
      ],
      NEWS_TOLD,
    ),
  ]),
  named('F7', 'hl7', 'units in OBX-6', [
    hl7(['NM|2160-0^^LN||900|umol/L{serum}^^UCUM|||||F']),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
  named('F7', 'claim', 'units of a claim', [
    claim([['GL-CREA', '900', 'µmol/l']]),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
];

const heartWith = (...more: readonly ReturnType<typeof observed>[]) => [MAN, HDL, PRESSURE, SMOKES, DIABETES, ...more];
const onDay = { effectiveDateTime: '{day:-10}' };
const twice: readonly Case[] = [
  named('F8', 'creatinine', 'creatinine in two units', [
    hook(
      [man60, creatinine('2160-0', [900, 'umol/L'], onDay), creatinine('2160-0', [10.2, 'mg/dL'], onDay)],
      KIDNEY_TOLD,
    ),
    hook(
      [man60, creatinine('2160-0', [900, 'umol/L'], onDay), creatinine('14682-9', [10.18, 'mg/dL'], onDay)],
      KIDNEY_TOLD,
    ),
    hook(
      [man60, creatinine('2160-0', [900, 'umol/L'], onDay), creatinine('2160-0', [9.2, 'mg/dL'], onDay)],
      KIDNEY_SILENT,
    ),
  ]),
  named('F8', 'cholesterol', 'cholesterol in two units, three roundings', [
    ...(
      [
        [263, 'mg/dL'],
        [262.9, 'mg/dL'],
        [2.63, 'g/L'],
        [6.8, 'mmol/l'],
        [6.8, 'mmol/L'],
      ] as const
    ).map((value) =>
      hook(
        heartWith(observed('lab', '2093-3', [6.8, 'mmol/L'], onDay), observed('lab', '2093-3', value, onDay)),
        HEART_TOLD,
      ),
    ),
    hook(
      heartWith(observed('lab', '2093-3', [6.8, 'mmol/L'], onDay), observed('lab', '2093-3', [300, 'mg/dL'], onDay)),
      { silent: [{ topic: 'cvd', within: [35.64, 36.36] }] },
    ),
  ]),
  named('F8', 'temperature', 'Celsius and Fahrenheit', [
    hook([man60, ...vitals(BAD), observed('vital', '8310-5', [102.9, '[degF]'])], NEWS_TOLD),
  ]),
  named('F8', 'platelets', 'platelets twice', [
    hook([...LIVER, platelets(onDay), observed('lab', '777-3', [110, '10*3/uL'], onDay)], FIB_TOLD),
  ]),
  named('F8', 'hl7', 'both in one message', [
    hl7(['NM|2160-0^^LN||900|umol/L|||||F', 'NM|2160-0^^LN||10.2|mg/dL|||||F'], { born: '{hl7born:60}' }),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
  named('F8', 'hl7-contradiction', 'two values in one message contradict each other', [
    hl7(
      [
        'NM|2160-0^^LN||900|umol/L|||||F',
        'NM|2160-0^^LN||90|umol/L|||||F',
        'NM|1920-8^^LN||90|U/L|||||F',
        'NM|1742-6^^LN||40|U/L|||||F',
        'NM|777-3^^LN||110|10*9/L|||||F',
      ],
      { born: '{hl7born:60}' },
    ),
    checkDrug({ ...asked60, icd: 'K74.6' }, KIDNEY_SILENT, { await: 'fib4' }),
  ]),
  named('F8', 'claim', 'two rows of one claim', [
    claim([
      ['GL-CREA', '900', 'umol/L'],
      ['GL-CREA', '10,2', 'mg/dL'],
    ]),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
  ]),
];

const withSmoking = (codes: readonly Code[], question = '72166-2') => [
  ...HEART_UNASKED,
  observed('social', question, answered(...codes)),
];
const FORMER: Expectation = { told: [{ topic: 'cvd', within: [23.76, 24.24] }] };
const EITHER: Expectation = { told: [{ topic: 'cvd', ends: [24, 36] }] };
const smoking = (value: string, expected: Expectation, code = '72166-2') =>
  risk(
    { sex: 'male', ageYears: 62 },
    [
      { code, value },
      { code: '8480-6', value: 170, unit: 'mm[Hg]' },
      { code: 'E11.9', value: true },
      { code: '2093-3', value: 6.8, unit: 'mmol/L' },
    ],
    expected,
  );
const coded: readonly Case[] = [
  named('F9', 'us-core', 'the eight answers of US Core', [
    ...['449868002', '428041000124106', '77176002', '428071000124103', '428061000124105'].map((code) =>
      hook(withSmoking([[SNOMED, code]]), HEART_TOLD),
    ),
    ...['8517006', '266919005'].map((code) => hook(withSmoking([[SNOMED, code]]), FORMER)),
    hook(withSmoking([[SNOMED, '266927001']]), EITHER),
  ]),
  named('F9', 'loinc', 'LOINC’s answers', [
    ...['LA18976-3', 'LA18977-1', 'LA18979-7', 'LA18981-3', 'LA18982-1'].map((code) =>
      hook(withSmoking([[LOINC, code]]), HEART_TOLD),
    ),
    ...['LA15920-4', 'LA18978-9'].map((code) => hook(withSmoking([[LOINC, code]]), FORMER)),
    hook(withSmoking([[LOINC, 'LA18980-5']]), EITHER),
  ]),
  named('F9', 'usual', 'usual codes of SNOMED CT', [
    ...[
      '65568007',
      '160603005',
      '160604004',
      '160605003',
      '82302008',
      '59978006',
      '394871007',
      '394872000',
      '394873005',
      '308438006',
    ].map((code) => hook(withSmoking([[SNOMED, code]]), HEART_TOLD)),
    ...['281018007', '160617001', '405746006', '8392000', '221000119102', '87739003', '53896009', '266928006'].map(
      (code) => hook(withSmoking([[SNOMED, code]]), FORMER),
    ),
  ]),
  named('F9', 'question', 'other questions', [
    hook(withSmoking([[SNOMED, '449868002']], '11367-0'), HEART_TOLD),
    hook(withSmoking([[SNOMED, '449868002']], '39240-7'), HEART_TOLD),
    hook([...HEART_UNASKED, observed('social', [[SNOMED, '229819007']], answered([SNOMED, '8517006']))], FORMER),
    hook([...HEART_UNASKED, observed('social', [[SNOMED, '365981007']], answered([SNOMED, '449868002']))], HEART_TOLD),
    hook([...HEART_UNASKED, observed('social', [[SNOMED, '77176002']], { valueBoolean: true })], HEART_TOLD),
  ]),
  named('F9', 'words', 'words without a code', [
    hook(
      [...HEART_UNASKED, observed('social', '72166-2', { valueCodeableConcept: { text: 'Smokes tobacco daily' } })],
      HEART_TOLD,
    ),
    hook([...HEART_UNASKED, observed('social', '72166-2', { valueString: 'Former smoker' })], FORMER),
    hook([...HEART_UNASKED, observed('social', '72166-2', { valueString: 'Đã bỏ thuốc lá' })], FORMER),
    hook(
      [
        ...HEART_UNASKED,
        observed('social', '72166-2', {
          valueCodeableConcept: {
            coding: [{ system: 'urn:gl:ma', code: 'HT9', display: 'x' }],
            text: 'Chưa bao giờ hút thuốc',
          },
        }),
      ],
      FORMER,
    ),
  ]),
  named('F9', 'own', 'our own door', [
    smoking('LA18976-3', HEART_TOLD),
    smoking('428071000124103', HEART_TOLD),
    smoking('LA18978-9', FORMER),
    smoking('never', FORMER),
    smoking('Current every day smoker', HEART_TOLD),
    smoking('266927001', EITHER),
    smoking('8517006', FORMER),
    smoking('đang hút thuốc', HEART_TOLD, 'smoking_status'),
  ]),
  named('F9', 'hl7', 'HL7: second triplet, LOINC answer, words, a string', [
    [
      'CWE|72166-2^^LN||HT1^Hút hằng ngày^L^449868002^Smokes tobacco daily^SCT',
      'CE|72166-2^^LN||LA18976-3^Current every day smoker^LN',
      'CWE|72166-2^^LN||^Smokes tobacco daily',
      'ST|72166-2^^LN||Current every day smoker',
      'CWE|72166-2^^LN||449868002^^http://snomed.info/sct',
      'CNE|HT^^L^72166-2^^LN||428071000124103^^SNM3^449868002^^SCT',
    ].flatMap((answer, at) => [
      hl7([...HL7_HEART.slice(0, 2), `${answer}||||||F`, HL7_KIDNEY], { order: `{patient}-${at}`, minutes: -30 + at }),
      checkDrug({ icd: 'E11.9' }, HEART_TOLD, { await: 'cvd' }),
    ]),
  ]),
  named('F9', 'hl7-former', 'HL7: former', [
    hl7([...HL7_HEART.slice(0, 2), 'CWE|72166-2^^LN||8517006^Ex-smoker^SCT||||||F', HL7_KIDNEY]),
    checkDrug({ icd: 'E11.9' }, FORMER, { await: 'cvd' }),
  ]),
  named('F9', 'air', 'consciousness and air', [
    hook(
      [
        man60,
        ...vitals(BAD),
        observed('vital', '80288-4', answered([LOINC, 'LA9340-6'])),
        observed('vital', [[SNOMED, '722742002']], { valueBoolean: true }),
      ],
      { told: [{ topic: 'news2', within: [13.8, 14.2] }] },
    ),
    hook(
      [
        man60,
        ...vitals(BAD),
        observed('vital', '67775-7', answered([SNOMED, '248234008'])),
        observed('vital', '3151-8', [0, 'L/min']),
      ],
      { told: [{ topic: 'news2', within: [13.8, 14.2] }] },
    ),
    hook(
      [
        man60,
        ...vitals(BAD),
        observed('vital', '67775-7', answered([SNOMED, '248234008'])),
        observed('vital', '3151-8', [4, 'L/min']),
      ],
      { told: [{ topic: 'news2', within: [15.8, 16.2] }] },
    ),
  ]),
];

const born = (birthDate: string) => [patient('male', birthDate), ...HEART.slice(1)];
const ages: readonly Case[] = [
  named('F10', 'month', 'a month', [
    ...both(born('{bornmonth:60}'), { told: [{ topic: 'cvd', within: [31.6, 36.4] }] }),
  ]),
  {
    ...named('F10', 'year-doors', 'a year at three doors', [
      ...both(born('{bornyear:60}'), { told: [{ topic: 'cvd', ends: [32, 36] }] }),
      risk(
        { sex: 'male', birthDate: '{bornyear:60}' },
        [
          { code: '72166-2', value: '449868002' },
          { code: '8480-6', value: 170, unit: 'mm[Hg]' },
          { code: 'E11.9', value: true },
          { code: '2093-3', value: 6.8, unit: 'mmol/L' },
        ],
        { told: [{ topic: 'cvd', ends: [32, 36] }] },
      ),
    ]),
    same: ['cvd'],
  },
  named('F10', 'year-kidney', 'eGFR of a year', [
    hook([patient('male', '{bornyear:60}'), creatinine('2160-0')], { told: [{ topic: 'egfr', within: [5.1, 5.5] }] }),
  ]),
  named('F10', 'year-within', 'a year within one band', [hook(born('{bornyear:63}'), HEART_TOLD)]),
];

const noNo: readonly Case[] = [
  named('F11', 'fibrillation-hook', 'atrial fibrillation and diabetes of a man of 76', [
    ...both([patient('male', '{born:76}'), icd('I48.9'), icd('I64'), DIABETES], {
      told: [{ topic: 'cha2ds2', within: [4.94, 9.09] }],
    }),
    risk(
      { sex: 'male', ageYears: 76 },
      [
        { code: 'I48.9', value: true },
        { code: 'I64', value: true },
        { code: 'E11.9', value: true },
      ],
      { told: [{ topic: 'cha2ds2', within: [4.94, 9.09] }] },
    ),
    risk(
      { sex: 'male', ageYears: 76 },
      [
        { code: 'I48.9', value: true },
        { code: 'I64', value: true },
        { code: 'E11.9', value: true },
      ],
      { told: [{ topic: 'cha2ds2', within: [4.94, 9.09] }] },
      { equations: ['cha2ds2_vasc'] },
    ),
  ]),
  named('F11', 'heart-no-diabetes', 'no diabetes in the list: a range at every door', [
    ...both(HEART.slice(0, -1), RANGE),
    risk(
      { sex: 'male', ageYears: 62 },
      [
        { code: '72166-2', value: '449868002' },
        { code: '8480-6', value: 170, unit: 'mm[Hg]' },
        { code: '2093-3', value: 6.8, unit: 'mmol/L' },
      ],
      RANGE,
    ),
    risk(
      { sex: 'male', ageYears: 62 },
      [
        { code: '72166-2', value: '449868002' },
        { code: '8480-6', value: 170, unit: 'mm[Hg]' },
        { code: '2093-3', value: 6.8, unit: 'mmol/L' },
      ],
      RANGE,
      { equations: ['who_cvd_2019_lab_sea'] },
    ),
  ]),
  named('F11', 'diabetes-false', 'a code with a no states no "no"', [
    risk(
      { sex: 'male', ageYears: 62 },
      [
        { code: 'E11.9', value: false },
        { code: '72166-2', value: '449868002' },
        { code: '8480-6', value: 170, unit: 'mm[Hg]' },
        { code: '2093-3', value: 6.8, unit: 'mmol/L' },
      ],
      RANGE,
    ),
  ]),
  named('F11', 'kidney-code', 'KFRE with and without a code of kidney disease', [
    hook([man60, observed('lab', '62238-1', [25, 'mL/min/{1.73_m2}']), observed('lab', '9318-7', [1200, 'mg/g'])], {
      any: [{ told: [{ topic: 'kfre' }] }, { says: [['suy thận|thận']] }],
    }),
    hook(
      [
        man60,
        icd('N18.4'),
        observed('lab', '62238-1', [25, 'mL/min/{1.73_m2}']),
        observed('lab', '9318-7', [1200, 'mg/g']),
      ],
      { told: [{ topic: 'kfre' }] },
    ),
    hook([man60, icd('N18.4'), observed('lab', '62238-1', [25, 'mL/min/{1.73_m2}'])], { says: [['thận|kfre']] }),
    hook([man60, icd('N18.9'), creatinine('2160-0', [250, 'umol/L']), observed('lab', '9318-7', [1200, 'mg/g'])], {
      any: [{ told: [{ topic: 'kfre' }] }, { says: [['suy thận']] }],
    }),
  ]),
];

const mixed = (values: typeof BAD, old: string, recent: string) => [
  man60,
  ...Object.entries(values).map(([code, value]) =>
    observed('vital', code, value, { effectiveDateTime: [`8480-6`, '9279-1'].includes(code) ? old : recent }),
  ),
];
const HIDDEN: typeof BAD = {
  '8480-6': [85, 'mm[Hg]'],
  '9279-1': [30, '/min'],
  '8867-4': [80, '/min'],
  '8310-5': [37, 'Cel'],
  '59408-5': [98, '%'],
};
const apartSaid: Expectation = {
  any: [
    { silent: [{ topic: 'news2', within: [5.94, 11.11] }] },
    { says: [['NEWS', '\\d ?(giờ|h|hours?) ?(trước|ago|old|before|apart)']] },
  ],
};
const hours: readonly Case[] = [
  ...[-7, -12, -20].map((at) =>
    named('F12', `apart${at}`, `${-at} hours apart`, [
      hook(mixed(HIDDEN, `{hours:${at}}`, '{minutes:-5}'), apartSaid),
      hook(mixed(HIDDEN, `{hours:${at}}`, '{minutes:-5}'), apartSaid, { language: 'en' }),
      assess(mixed(HIDDEN, `{hours:${at}}`, '{minutes:-5}'), apartSaid),
    ]),
  ),
  named('F12', 'checkdrug', 'at CheckDrug', [
    hl7(hl7Vitals({ '8480-6': [85, 'mm[Hg]'], '9279-1': [30, '/min'] }), { minutes: -1200 }),
    hl7(hl7Vitals({ '8867-4': [80, '/min'], '8310-5': [37, 'Cel'], '59408-5': [98, '%'] }), {
      minutes: -5,
      order: '{patient}-2',
    }),
    checkDrug(asked60, apartSaid, { after: 1 }),
    checkDrug(asked60, apartSaid, { after: 1 }),
  ]),
  named('F12', 'qsofa', 'qSOFA by name', [
    risk(
      { sex: 'male', ageYears: 60 },
      [
        { code: '9279-1', value: 30, unit: '/min', time: '{hours:-20}' },
        { code: '8480-6', value: 85, unit: 'mm[Hg]', time: '{minutes:-5}' },
        { code: 'consciousness', value: 'A', time: '{minutes:-5}' },
        { code: 'suspected_infection', value: true },
      ],
      { says: [['qsofa', 'hours|giờ|apart']] },
      { equations: ['qsofa'] },
    ),
  ]),
];

const suspicion: readonly Case[] = [
  ...['provisional', 'unconfirmed', 'differential'].map((one) =>
    named(
      'F13',
      `infarction-${one}`,
      `a heart attack, ${one}`,
      both([...HEART, icd('I21.9', verification(one))], {
        any: [
          HEART_TOLD,
          {
            says: [
              [
                'tim mạch|cardiovascular|who_cvd',
                'nghi|chưa xác định|chưa chắc|phân biệt|tạm thời|suspect|differential|provisional|unconfirmed|not confirmed|đã mắc|đã từng|prior|previous',
              ],
            ],
          },
        ],
      }),
    ),
  ),
  named('F13', 'pregnancy', 'perhaps pregnant', [
    hook([woman30, ...vitals(BAD), icd('Z34.9', verification('unconfirmed'))], {
      any: [NEWS_TOLD, { says: [['NEWS', PREGNANCY]] }],
    }),
    hook([woman30, ...vitals(BAD), icd('O26.9', verification('provisional'))], {
      any: [NEWS_TOLD, { says: [['NEWS', PREGNANCY]] }],
    }),
  ]),
  named('F13', 'diabetes', 'perhaps diabetes: a range', [
    hook([...HEART.slice(0, -1), icd('E11.9', verification('provisional'))], RANGE),
  ]),
  named('F13', 'fibrillation', 'perhaps atrial fibrillation: said', [
    hook([patient('female', '{born:76}'), icd('I48.0', verification('provisional')), icd('I63.9')], {
      any: [{ says: [['CHA|rung nhĩ|I48']] }, { told: [{ topic: 'cha2ds2' }] }],
    }),
  ]),
];

const news = (values: Readonly<Record<string, number>>, points: number, ...others: number[]) =>
  risk(
    { sex: 'male', ageYears: 60 },
    [
      ...Object.entries({ '8480-6': 120, '9279-1': 16, '8867-4': 80, '8310-5': 37, '59408-5': 98, ...values }).map(
        ([code, value]) => ({
          code,
          value,
          unit:
            { '8480-6': 'mm[Hg]', '9279-1': '/min', '8867-4': '/min', '8310-5': 'Cel', '59408-5': '%' }[code] ?? '1',
        }),
      ),
      { code: 'consciousness', value: 'A' },
      { code: 'on_oxygen', value: false },
    ],
    {
      any: [
        { told: [{ topic: 'news2', within: [points - 0.06, points + 0.06] }] },
        ...others.map((other) => ({
          told: [{ topic: 'news2' as const, within: [other - 0.06, other + 0.06] as const }],
          says: [['giữa hai nhóm|between two (printed )?bands|làm tròn|round']],
        })),
      ],
    },
    { equations: ['news2'] },
  );
const wire: readonly Case[] = [
  named('F14', 'bands', 'between two printed bands', [
    news({ '8310-5': 35.04 }, 3, 1),
    news({ '8310-5': 36.04 }, 1, 0),
    news({ '8310-5': 38.04 }, 0, 1),
    news({ '8310-5': 39.04 }, 1, 2),
    news({ '8310-5': 38.06 }, 1, 0),
    news({ '8310-5': 39.06 }, 2, 1),
    news({ '59408-5': 91.4 }, 3, 2),
    news({ '59408-5': 95.6 }, 0, 1),
    news({ '59408-5': 93.5 }, 1, 2),
    news({ '9279-1': 20.4 }, 0, 2),
    news({ '9279-1': 8.4 }, 3, 1),
    news({ '8480-6': 90.4 }, 3, 2),
    news({ '8867-4': 130.4 }, 2, 3),
    news({ '8867-4': 90.6 }, 1, 0),
    news({ '8480-6': 219.6 }, 3, 0),
  ]),
];

export const SIBLINGS: readonly Case[] = [
  ...keptFallen,
  ...systems,
  ...history,
  ...established,
  ...persons,
  ...fallen,
  ...drug,
  ...units,
  ...twice,
  ...coded,
  ...ages,
  ...noNo,
  ...hours,
  ...suspicion,
  ...wire,
];
