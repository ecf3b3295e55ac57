// Protocol faults: an association with one is aborted without an answer.

export type WireFaultWord =
  | 'broken-pdu'
  | 'pdu-too-large'
  | 'unexpected-pdu'
  | 'broken-command'
  | 'closed'
  | 'aborted'
  | 'rejected'
  | 'refused'
  | 'too-slow'
  | 'unexpected-answer';

export class WireFault extends Error {
  readonly word: WireFaultWord;
  /** A fixed phrase, never bytes of the peer. */
  readonly detail: string;

  constructor(word: WireFaultWord, detail = '') {
    super(detail === '' ? word : `${word}: ${detail}`);
    this.name = 'WireFault';
    this.word = word;
    this.detail = detail;
  }
}
