// A reading that was just made comes in, with its study and its alert; one ORU^R01 per receiver goes out, for the outbox.
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
  readonly topic: 'reading.assessed';
  readonly orderKey: string;
  /** The text as it is sent, so that a resend says the same, byte for byte. */
  readonly body: { readonly controlId: string; readonly text: string };
}

export const hl7Target = (receiver: string): string => `hl7:${receiver}`;

/** MSH-10 holds 20 characters. */
const controlIdOf = (id: Uuid): string => id.replaceAll('-', '').slice(0, 20);

/** Nothing for what was not assessed, and nothing for a film of nobody: an ORU must say whose result it is. */
export const resultMessages =
  ({ receivers, clock, language, heads }: ResultMessagesDeps) =>
  (reading: Reading, study: ResultStudy, alert: Alert | undefined): readonly ResultMessage[] => {
    const { outcome } = reading;
    const patientCode = study.patient.id;
    if (outcome !== 'assessed' || patientCode === undefined) return [];
    return receivers.map((receiver) => {
      const target = hl7Target(receiver);
      const id = derivedUuid('message', target, 'reading.assessed', reading.id);
      const controlId = controlIdOf(id);
      const text = resultText(
        { reading, study, patientCode, ...(alert !== undefined && { alert }) },
        { controlId, now: clock.now(), language, heads },
      );
      return { id, target, topic: 'reading.assessed', orderKey: patientCode, body: { controlId, text } };
    });
  };
