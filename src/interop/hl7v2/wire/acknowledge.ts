// Writes the acknowledgements of a message: none, one, or the accept and the application acknowledgement.
import type { Language } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { hl7Errors } from '#interop/hl7v2/errors.ts';
import { CONDITIONS, type Fault, placeText } from './fault.ts';
import { type Header, isBefore25, VERSIONS } from './header.ts';
import { hl7Time } from './time.ts';
import { components, escapedText, headerSegment, segment } from './write.ts';

export interface AnswerContext {
  readonly now: Date;
  readonly language: Language;
  /** Of the message's bytes: the same message gets the same answer. */
  readonly sha256: string;
}

const MOST_ERRORS = 20;

type AckCode = 'A' | 'E' | 'R';

const outcomeOf = (faults: readonly Fault[]): AckCode => {
  if (faults.length === 0) return 'A';
  return faults.some(({ name }) => CONDITIONS[name].rejected) ? 'R' : 'E';
};

/** HL7 table 0155. */
function asked(condition: string, outcome: AckCode): boolean {
  if (condition === 'ER') return outcome !== 'A';
  if (condition === 'SU') return outcome === 'A';
  return condition !== 'NE' && condition !== '';
}

/** Acknowledgement codes to send: one in the original mode; in the enhanced mode what MSH-15 and MSH-16 ask for, in this order. */
function codesFor(header: Pick<Header, 'acceptAck' | 'applicationAck'> | undefined, outcome: AckCode): string[] {
  const { acceptAck = '', applicationAck = '' } = header ?? {};
  if (acceptAck === '' && applicationAck === '') return [`A${outcome}`];
  return [
    ...(asked(acceptAck, outcome) ? [`C${outcome}`] : []),
    ...(asked(applicationAck, outcome) ? [`A${outcome}`] : []),
  ];
}

function errorSegment({ name, place }: Fault, old: boolean, language: Language): string {
  const { code, text } = CONDITIONS[name];
  const { segment: where, sequence, field } = place;
  return segment('ERR', {
    // Until 2.4 the place and the condition were one field; receivers of later versions read the others.
    ...(old && { 1: `${where}^${sequence}^${field ?? ''}^${code}&${text}&HL70357` }),
    2: placeText(place),
    3: components(code, text, 'HL70357'),
    4: 'E',
    5: components(`hl7v2.${name}`, '', '99HAIDANG'),
    8: escapedText(hl7Errors.kinds[name].text[language]),
  });
}

/** Every answer to a message; `header` is absent where it could not be read. */
export function answersTo(
  header: Header | undefined,
  faults: readonly Fault[],
  { now, language, sha256 }: AnswerContext,
): readonly string[] {
  const version = header !== undefined && VERSIONS.has(header.version) ? header.version : '2.5.1';
  // Without a readable header MSH-15 and MSH-16 are unknown and no field can be named: the message is rejected (AR).
  const outcome = header === undefined ? 'R' : outcomeOf(faults);
  return codesFor(header, outcome).map((code) => {
    const event = header?.event ?? '';
    const ownId = derivedUuid('hl7v2-answer', sha256, code, header?.controlId ?? '')
      .replaceAll('-', '')
      .slice(0, 20);
    return [
      headerSegment({
        3: escapedText(header?.receivingApplication || 'HAIDANG'),
        4: escapedText(header?.receivingFacility ?? ''),
        5: escapedText(header?.sendingApplication ?? ''),
        6: escapedText(header?.sendingFacility ?? ''),
        7: hl7Time(now),
        9: components('ACK', event, 'ACK'),
        10: ownId,
        11: 'P',
        12: version,
        // An answer is not answered.
        ...(code.startsWith('A') && header?.applicationAck ? { 15: 'NE', 16: 'NE' } : {}),
        18: 'UNICODE UTF-8',
      }),
      segment('MSA', { 1: code, 2: escapedText(header?.controlId ?? '') }),
      ...faults
        .slice(0, MOST_ERRORS)
        .map((fault) => errorSegment(fault, isBefore25(version), header?.readsUtf8 ? language : 'en')),
    ].join('');
  });
}
