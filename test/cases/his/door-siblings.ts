// More siblings of the public cases, of kinds that only a whole door shows: pregnancies and their ends, ranges that name what is missing, and
// results that are cancelled, deleted or contradicted after a card was raised.
import type { Case, Expectation } from './case.ts';
import {
  answered,
  assess,
  BAD,
  checkDrug,
  claim,
  HEART,
  HEART_TOLD,
  HEART_UNASKED,
  HL7_HEART,
  HL7_KIDNEY,
  hl7,
  hook,
  icd,
  named,
  NEWS_TOLD,
  observed,
  patient,
  sct,
  SNOMED,
  vitals,
} from './sibling.ts';
import type { Step } from './case.ts';

const PREGNANCY = 'thai|pregnan';
const man60 = patient('male', '{born:60}');
const woman30 = patient('female', '{born:30}');
const withheld: Expectation = { silent: ['news2'], says: [['NEWS', PREGNANCY]] };
const hl7Vitals = Object.entries(BAD).map(([code, [value, unit]]) => `NM|${code}^^LN||${value}|${unit}|||||F`);
const woman = { born: '{hl7born:30}', sex: 'F' };
const asWoman = { sex: 'Nữ', dob: '{born:30}T00:00:00' };
const asked60 = { dob: '{born:60}T00:00:00' };
const KIDNEY_TOLD: Expectation = { told: [{ topic: 'egfr', within: [5.1, 5.5] }] };
const KIDNEY_SILENT: Expectation = { silent: ['egfr'] };

/** An ADT of the person; `more` stands behind the PID. */
const adt = (event: string, { born = '{hl7born:60}', sex = 'M', more = [] as readonly string[] } = {}): Step => ({
  door: 'hl7',
  version: '2.5.1',
  messageType: `ADT^${event}^ADT_A01`,
  segments: ['EVN||{hl7:-1}', `PID|1||{patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${born}|${sex}`, ...more],
  expect: { ack: ['AA', 'CA'] },
});

const pregnancies: readonly Case[] = [
  named('F4', 'man', 'a code of pregnancy in the record of a man: the score, and the code is shown', [
    hook([man60, ...vitals(BAD), icd('O80')], NEWS_TOLD),
    hook([man60, ...vitals(BAD), sct('77386006')], { ...NEWS_TOLD, says: [['77386006']] }),
    assess([man60, ...vitals(BAD), icd('Z34.9')], NEWS_TOLD),
  ]),
  named('F4', 'man-checkdrug', 'the same at CheckDrug', [
    hl7(hl7Vitals, { born: '{hl7born:60}' }),
    checkDrug({ ...asked60, icd: 'O80' }, NEWS_TOLD, { await: 'news2' }),
  ]),
  named('F4', 'weeks', 'weeks and the expected day of delivery', [
    hook([woman30, ...vitals(BAD), observed('vital', '49051-6', [20, 'wk'])], withheld),
    hook([woman30, ...vitals(BAD), observed('vital', '11778-8', { valueDateTime: '{day:100}' })], withheld),
    hook(
      [
        woman30,
        ...vitals(BAD),
        observed('vital', '49051-6', [20, 'wk'], { effectiveDateTime: '{days:-300}' }),
        observed('vital', '11778-8', { valueDateTime: '{day:-160}' }, { effectiveDateTime: '{days:-300}' }),
      ],
      NEWS_TOLD,
    ),
  ]),
  named('F4', 'weeks-hl7', 'weeks by HL7', [
    hl7([...hl7Vitals, 'NM|49051-6^^LN||20|wk|||||F'], woman),
    checkDrug(asWoman, withheld, { until: 5 }),
  ]),
  named('F4', 'ends', 'the end as an age, a period, a text, a delivery', [
    ...[
      { onsetAge: { value: 22, unit: 'a', code: 'a', system: 'http://unitsofmeasure.org' } },
      { clinicalStatus: undefined, abatementPeriod: { start: '{day:-900}' } },
      { clinicalStatus: undefined, abatementString: 'sinh thường năm 2018' },
      { clinicalStatus: undefined, abatementAge: { value: 22, unit: 'a' } },
    ].map((more) => hook([woman30, ...vitals(BAD), icd('Z34.9', more)], NEWS_TOLD)),
    hook([woman30, ...vitals(BAD), icd('O80', { recordedDate: '{day:-120}' })], NEWS_TOLD),
    hook([woman30, ...vitals(BAD), icd('O03.9', { recordedDate: '{day:-120}' })], NEWS_TOLD),
    hook([woman30, ...vitals(BAD), icd('O80', { recordedDate: '{day:-10}' })], withheld),
  ]),
  named('F4', 'claim-delivery', 'a claim of last year names a delivery', [
    claim([], { summary: '<MA_BENH_CHINH>O80</MA_BENH_CHINH><NGAY_VAO>202511010800</NGAY_VAO>' }),
    hl7(hl7Vitals, woman),
    checkDrug(asWoman, NEWS_TOLD, { await: 'news2' }),
  ]),
];

const ranges: readonly Case[] = [
  named('F11', 'checkdrug-open', 'an open range at CheckDrug: a line that names what is missing', [
    hl7(['NM|62238-1^^LN||25|mL/min/{1.73_m2}|||||F'], { born: '{hl7born:60}' }),
    checkDrug({ ...asked60, icd: 'N18.4' }, { says: [['suy thận', 'albumin']] }, { until: 5 }),
  ]),
  named('F11', 'range-names', 'a range names its missing inputs at the hook and at $assess', [
    hook(HEART.slice(0, -1), { told: [{ topic: 'cvd', ends: [23, 36] }], says: [['tim mạch', 'đái tháo đường']] }),
    assess(HEART.slice(0, -1), { says: [['who_cvd', 'đái tháo đường']] }),
    hook([man60, ...vitals(BAD)], { ...NEWS_TOLD, says: [['NEWS', 'ý thức', 'oxy']] }),
    hook([man60, ...vitals(BAD)], { ...NEWS_TOLD, says: [['NEWS', 'consciousness', 'oxygen']] }, { language: 'en' }),
  ]),
];

const CANCELLED_ORDER = [
  'PID|1||{patient}^^^HIS^MR||GIA LAP^NGUOI BENH||{hl7born:60}|M',
  'OBR|1|{patient}-1||GL01^Xet nghiem^L|||{hl7:-30}||||||||||||||||||X',
];

const fallen: readonly Case[] = [
  named('F5', 'order-cancelled', 'OBR-25 X: the order has no results after all', [
    hl7([HL7_KIDNEY], { born: '{hl7born:60}' }),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
    {
      ...hl7([]),
      segments: [...CANCELLED_ORDER, 'OBX|1|NM|2160-0^^LN||||||||X'],
    },
    checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
  ]),
  named('F5', 'order-cancelled-bare', 'OBR-25 X without any OBX', [
    hl7([HL7_KIDNEY], { born: '{hl7born:60}' }),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
    {
      ...hl7([]),
      segments: [...CANCELLED_ORDER],
    },
    checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
  ]),
  named('F5', 'adt-birth', 'ADT A08 corrects the birth date to that of a boy', [
    hl7(hl7Vitals, { born: '{hl7born:60}' }),
    checkDrug(asked60, NEWS_TOLD, { await: 'news2' }),
    adt('A08', { born: '{hl7born:15}' }),
    hook([patient('male', '{born:15}')], { silent: ['news2'] }, { failing: 'vital', until: 8 }),
  ]),
  named('F5', 'adt-stroke', 'ADT A08 names a stroke', [
    hl7([...HL7_HEART, HL7_KIDNEY]),
    checkDrug({ icd: 'E11.9' }, HEART_TOLD, { await: 'cvd' }),
    adt('A08', { born: '{hl7born:62}', more: ['PV1|1|I', 'DG1|1||I63.9^Nhoi mau nao^I10|||F'] }),
    checkDrug({ icd: 'E11.9' }, { silent: ['cvd'] }, { until: 8 }),
  ]),
  named('F5', 'claim-row-gone', 'the claim is sent again without the row', [
    claim([
      ['GL-CREA', '900', 'umol/L'],
      ['GL-OTHER', '1', 'umol/L'],
    ]),
    checkDrug(asked60, KIDNEY_TOLD, { await: 'egfr' }),
    claim([['GL-OTHER', '1', 'umol/L']]),
    checkDrug(asked60, KIDNEY_SILENT, { until: 8 }),
  ]),
  named('F5', 'smoking-corrected', 'the smoker was none: the range or number follows', [
    hook(HEART, HEART_TOLD),
    hook([...HEART_UNASKED, observed('social', '72166-2', answered([SNOMED, '266919005']), { status: 'corrected' })], {
      told: [{ topic: 'cvd', within: [23.76, 24.24] }],
    }),
  ]),
];

const ages: readonly Case[] = [
  named('F10', 'checkdrug-year', 'a year alone at CheckDrug', [
    hl7(HL7_HEART),
    checkDrug({ icd: 'E11.9', dob: '{bornyear:60}' }, { told: [{ topic: 'cvd', ends: [32, 36] }] }, { await: 'cvd' }),
  ]),
];

export const DOOR_SIBLINGS: readonly Case[] = [...pregnancies, ...ranges, ...fallen, ...ages];
