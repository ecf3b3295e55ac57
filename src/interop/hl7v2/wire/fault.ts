// Fault of a message and its place, in HL7's own words: table 0357, and the place as segment, field and component.
import type { Hl7ErrorName } from '#interop/hl7v2/errors.ts';

export interface Place {
  readonly segment: string;
  /** Which one of its name, from 1. */
  readonly sequence: number;
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
}

export interface Fault {
  readonly name: Hl7ErrorName;
  readonly place: Place;
}

interface Condition {
  readonly code: string;
  readonly text: string;
  /** Nothing that the sender can mend in the content: rejected, not in error. */
  readonly rejected: boolean;
}

/** HL7 table 0357, v2.5.1 section 2.16. */
export const CONDITIONS: Readonly<Record<Hl7ErrorName, Condition>> = {
  'segment-order': { code: '100', text: 'Segment sequence error', rejected: false },
  'field-missing': { code: '101', text: 'Required field missing', rejected: false },
  'data-type': { code: '102', text: 'Data type error', rejected: false },
  'table-value': { code: '103', text: 'Table value not found', rejected: false },
  'message-type': { code: '200', text: 'Unsupported message type', rejected: true },
  event: { code: '201', text: 'Unsupported event code', rejected: true },
  'processing-id': { code: '202', text: 'Unsupported processing id', rejected: true },
  version: { code: '203', text: 'Unsupported version id', rejected: true },
  'unknown-key': { code: '204', text: 'Unknown key identifier', rejected: false },
  'duplicate-key': { code: '205', text: 'Duplicate key identifier', rejected: false },
  // The table has no better one; in error, not rejected: sent again it would be as large.
  'too-large': { code: '207', text: 'Application internal error', rejected: false },
  internal: { code: '207', text: 'Application internal error', rejected: true },
};

/** `PID^1^3^1^1`: data type ERL, without what is not known. */
export function placeText({ segment, sequence, field, repetition, component }: Place): string {
  const parts = [segment, sequence, field, repetition ?? (component === undefined ? undefined : 1), component];
  return parts.filter((part) => part !== undefined).join('^');
}
