// One ORU^R01 per receiver for a reading that was just made, and again where the facts of its study were corrected since.
import type { HeadsOf } from '#kernel/head.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import { type ResultStudy, resultText } from './result.ts';

export interface ResultMessagesDeps {
  /** `host:port` */
  readonly receivers: readonly string[];
  readonly clock: Clock;
  readonly language: Language;
  readonly heads: HeadsOf;
}

export interface ResultMessage {
  readonly id: Uuid;
  readonly target: string;
  readonly topic: 'reading.assessed' | 'reading.corrected' | 'reading.withdrawn';
  readonly orderKey: string;
  /** The text as it is sent, so that a resend says the same, byte for byte. */
  readonly body: { readonly controlId: string; readonly text: string };
}

export const hl7Target = (receiver: string): string => `hl7:${receiver}`;

/** MSH-10 holds 20 characters. */
const controlIdOf = (id: Uuid): string => id.replaceAll('-', '').slice(0, 20);

interface ResultText {
  readonly topic: ResultMessage['topic'];
  /** Makes the message's own: the same result, or the same change of it, gives the same message again. */
  readonly identity: Uuid;
  readonly reading: Reading;
  readonly study: ResultStudy;
  readonly alert: Alert | undefined;
}

/** Nothing for what was not assessed, and nothing for a film of nobody: an ORU must say whose result it is. */
function messagesOf(told: ResultText, { receivers, clock, language, heads }: ResultMessagesDeps): readonly ResultMessage[] {
  const { topic, identity, reading, study, alert } = told;
  const patientCode = study.patient.id;
  if (reading.outcome !== 'assessed' || patientCode === undefined) return [];
  return receivers.map((receiver) => {
    const target = hl7Target(receiver);
    const id = derivedUuid('message', target, topic, identity);
    const controlId = controlIdOf(id);
    const text = resultText(
      {
        reading,
        study,
        patientCode,
        ...(topic === 'reading.withdrawn' && { withdrawn: true }),
        ...(alert !== undefined && { alert }),
      },
      { controlId, now: clock.now(), language, heads },
    );
    return { id, target, topic, orderKey: patientCode, body: { controlId, text } };
  });
}

export const resultMessages =
  (deps: ResultMessagesDeps) =>
  (reading: Reading, study: ResultStudy, alert: Alert | undefined): readonly ResultMessage[] =>
    messagesOf({ topic: 'reading.assessed', identity: reading.id, reading, study, alert }, deps);

/** A study that was corrected after its reading was told. */
export interface ChangedResult {
  readonly id: Uuid;
  readonly before: ResultStudy;
  readonly after: ResultStudy;
  readonly reading?: Reading;
  readonly raised: readonly Alert[];
  readonly withdrawn?: { readonly wrong: boolean };
}

/** The facts of a study that an ORU tells. */
const toldOf = ({ patient, accessionNumber, treatmentCode, studyTime }: ResultStudy): string =>
  JSON.stringify([patient.id, patient.name, patient.birthDate, patient.sex, accessionNumber, treatmentCode, studyTime]);

/** Under another patient ID the result is first withdrawn from the person whose it is not. */
export const correctedResults =
  (deps: ResultMessagesDeps) =>
  ({ id, before, after, reading, raised, withdrawn }: ChangedResult): readonly ResultMessage[] => {
    if (reading === undefined) return [];
    const taken = { topic: 'reading.withdrawn', identity: id, reading, study: before, alert: undefined } as const;
    if (withdrawn !== undefined) return withdrawn.wrong ? messagesOf(taken, deps) : [];
    if ( toldOf(before) === toldOf(after)) return [];
    const moved = before.patient.id !== after.patient.id;
    const alert = raised.find(({ sourceId, suppressedBecause }) => sourceId === reading.id && !suppressedBecause);
    return [
      ...(moved ? messagesOf(taken, deps) : []),
      ...messagesOf({ topic: 'reading.corrected', identity: id, reading, study: after, alert }, deps),
    ];
  };
