// Writes a reading as ORU^R01 (2.5.1): the same words as in every other view, and never final.
import type { HeadsOf } from '#kernel/head.ts';
import type { KeyedStudy } from '#kernel/study.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { Finding, Reading } from '#kernel/finding.ts';
import { shorten } from '#messages/short-text.ts';
import { conclusionOf } from '#messages/reading-conclusion.ts';
import { say } from '#messages/say.ts';
import { type Coded, examinationCode, findingCodes } from '#preread/read/finding-codes.ts';
import { hl7Time } from '#interop/hl7v2/wire/time.ts';
import { components, escapedText, headerSegment, segment } from '#interop/hl7v2/wire/write.ts';

export type ResultStudy = KeyedStudy & {
  readonly patient: { readonly name?: string; readonly birthDate?: string; readonly sex?: string };
};

export interface ResultRecord {
  readonly reading: Reading;
  readonly study: ResultStudy;
  readonly patientCode: string;
  /** Where the reading alerts: its words, severity and id go with it. */
  readonly alert?: Alert;
  /** Not true of this person any more: every observation is posted as wrong. */
  readonly withdrawn?: boolean;
}

export interface ResultContext {
  /** MSH-10 */
  readonly controlId: string;
  readonly now: Date;
  readonly language: Language;
  readonly heads: HeadsOf;
}

/** HisPro cuts strings at 3,000 to 4,000 characters. */
const LONGEST_TEXT = 3_000;
/** CE-1 and CE-3 hold 20 characters, CE-2 199. */
const LONGEST_CODE = 20;
const LONGEST_WORDS = 199;

/** HL7 table 0396. */
const CODING_SYSTEMS: Readonly<Record<string, string>> = {
  'http://snomed.info/sct': 'SCT',
  'http://radlex.org': 'RADLEX',
  'http://dicom.nema.org/resources/ontology/DCM': 'DCM',
  'http://loinc.org': 'LN',
};
const OWN_CODES = '99HAIDANG';

const systemOf = ({ system }: Coded): string => CODING_SYSTEMS[system] ?? OWN_CODES;

const codeField = (code: string, words: string, other?: Coded): string =>
  components(
    code.slice(0, LONGEST_CODE),
    shorten(words, LONGEST_WORDS),
    OWN_CODES,
    ...(other === undefined ? [] : [other.code, other.display, systemOf(other)]),
  );

/** DICOM orders family, given, middle, prefix, suffix; HL7 has the suffix before the prefix. Without a name: unspecified. */
function nameField(name: string | undefined): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = (name ?? '').split('=')[0]?.split('^') ?? [];
  return family + given === '' ? '^^^^^^U' : components(family, given, middle, suffix, prefix);
}

/** `2026-03-01T06:30:00` or a date → digits; the time stays as the film's header has it, without a zone. */
const digitsOf = (time: string | undefined): string => (time ?? '').slice(0, 19).replaceAll(/[-T:]/g, '');

const SEXES: Readonly<Record<string, string>> = { M: 'M', F: 'F', O: 'O' };

function patientSegments({ study, patientCode }: ResultRecord): string[] {
  const { name, birthDate, sex = '' } = study.patient;
  const { treatmentCode } = study;
  return [
    segment('PID', {
      1: '1',
      3: components(patientCode, '', '', 'HIS', 'MR'),
      5: nameField(name),
      7: digitsOf(birthDate),
      8: SEXES[sex] ?? 'U',
    }),
    ...(treatmentCode === undefined
      ? []
      : [segment('PV1', { 1: '1', 2: 'U', 19: components(treatmentCode, '', '', 'HIS', 'VN') })]),
  ];
}

function orderSegments({ reading, study, withdrawn }: ResultRecord): string[] {
  const placer = escapedText(study.accessionNumber ?? '');
  // EI holds 22 characters; the whole id stands in an observation.
  const filler = `AI-${reading.id.replaceAll('-', '').slice(0, 19)}`;
  const { code, display } = examinationCode(reading.sopInstanceUids.length);
  const readAt = hl7Time(new Date(reading.readAt));
  return [
    segment('ORC', { 1: 'RE', 2: placer, 3: filler }),
    segment('OBR', {
      1: '1',
      2: placer,
      3: filler,
      4: components(code, display, 'LN'),
      7: digitsOf(study.studyTime) || readAt,
      22: readAt,
      24: 'RAD',
      // A model never finalises anything (law 11): here and in every OBX.
      25: withdrawn === true ? 'X' : 'P',
    }),
  ];
}

type Values = Readonly<Record<number, string | undefined>>;

/** What every observation of this reading says of itself: preliminary, asserted by software, by which. */
const observation = ({ reading, withdrawn }: ResultRecord, values: Values): Values => ({
  4: '1',
  // Table 0085: W withdraws what was posted for the wrong patient or in error.
  11: withdrawn === true ? 'W' : 'P',
  14: hl7Time(new Date(reading.readAt)),
  17: components('AIAST', 'Artificial Intelligence asserted', OWN_CODES),
  18: components(`${reading.provenance.modelId}-${reading.provenance.modelVersion}`, 'HAIDANG'),
  ...values,
});

/** Four digits, more where they would say that something is certain. */
const shareText = (share: number): string => {
  const text = share.toFixed(4);
  return Number(text) === 0 || Number(text) === 1 ? share.toFixed(8) : text;
};

function findingValues(record: ResultRecord, finding: Finding, { heads, language }: ResultContext): Values {
  const { code, probability, decision } = finding;
  const head = heads(record.reading.provenance, code);
  return observation(record, {
    2: 'NM',
    3: codeField(code, head?.title[language] ?? code, findingCodes(code)[0]),
    5: shareText(probability),
    6: components('1', '', 'UCUM'),
    ...(head?.positiveFrom !== undefined && { 7: escapedText(`<${head.positiveFrom.toFixed(4)}`) }),
    // Nothing for a negative: N would say that this is normal.
    ...(decision === 'positive' && { 8: 'H' }),
  });
}

/** Lines of a text are repetitions of OBX-5. */
const textField = (text: string): string => shorten(text, LONGEST_TEXT).split('\n').map(escapedText).join('~');

function conclusionValues(record: ResultRecord, context: ResultContext): Values {
  const { language, heads } = context;
  const { reading } = record;
  const lines = [
    conclusionOf(record, { language, heads }),
    ...reading.reasons.map(({ text }) => text[language]),
    say(language, 'alerts.limitation.decision-support'),
  ];
  return observation(record, {
    2: 'TX',
    3: components('18782-3', 'Radiology Study observation', 'LN'),
    5: textField(lines.join('\n')),
  });
}

function idsAndAlert(record: ResultRecord, { language }: ResultContext): Values[] {
  const { alert, reading, study } = record;
  const own = (code: string, type: string, text: string): Values =>
    observation(record, {
      2: type,
      3: components(code, '', OWN_CODES),
      5: type === 'TX' ? textField(text) : escapedText(text),
    });
  return [
    ...(alert === undefined
      ? []
      : [
          own('alert-id', 'ST', alert.id),
          own('alert-severity', 'ST', alert.severity),
          own('alert-summary', 'TX', alert.summary[language]),
          own('alert-detail', 'TX', alert.detail[language]),
        ]),
    own('reading-id', 'ST', reading.id),
    observation(record, {
      2: 'ST',
      3: components('110180', 'Study Instance UID', 'DCM'),
      5: escapedText(study.studyUid),
    }),
  ];
}

/** Segments ended by CR, without the frame. */
export function resultText(record: ResultRecord, context: ResultContext): string {
  const { reading } = record;
  const observations = [
    ...reading.findings.map((finding) => findingValues(record, finding, context)),
    conclusionValues(record, context),
    ...idsAndAlert(record, context),
  ];
  return [
    headerSegment({
      3: 'HAIDANG',
      7: hl7Time(context.now),
      9: 'ORU^R01^ORU_R01',
      10: context.controlId,
      // A phantom or a picture is for training, and a receiver in production may refuse it.
      11: reading.notForClinicalUse ? 'T' : 'P',
      12: '2.5.1',
      15: 'AL',
      16: 'NE',
      18: 'UNICODE UTF-8',
    }),
    ...patientSegments(record),
    ...orderSegments(record),
    ...observations.map((values, place) => segment('OBX', { ...values, 1: String(place + 1) })),
  ].join('');
}
