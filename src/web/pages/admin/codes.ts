// Codes of the service as words of the reader; a code that has no word here stands as it is.
import { say, type WordKey } from '#web/pages/shell/words.ts';

const TOPICS: Readonly<Record<string, WordKey>> = {
  'alert.raised': 'topic.alert.raised',
  'alert.changed': 'topic.alert.changed',
  'alert.escalated': 'topic.alert.escalated',
  'reading.assessed': 'topic.reading.assessed',
};

export const topicText = (topic: string): string => {
  const word = TOPICS[topic];
  return word === undefined ? topic : say(word);
};

const ACTION_WORDS = {
  'account.added': 'audit.account.added',
  'account.disabled': 'audit.account.disabled',
  'account.password-changed': 'audit.account.password-changed',
  'account.reset': 'audit.account.reset',
  'alert.raised': 'audit.alert.raised',
  'alert.seen': 'audit.alert.seen',
  'alert.acknowledged': 'audit.alert.acknowledged',
  'alert.overridden': 'audit.alert.overridden',
  'alert.false-positive': 'audit.alert.false-positive',
  'alert.resolved': 'audit.alert.resolved',
  'alert.expired': 'audit.alert.expired',
  'alert.escalated': 'audit.alert.escalated',
  'alert.superseded': 'audit.alert.superseded',
  'access.refused': 'audit.access.refused',
  'credentials.refused': 'audit.credentials.refused',
  'assessment.committed': 'audit.assessment.committed',
  'emergency.opened': 'audit.emergency.opened',
  'emergency.read': 'audit.emergency.read',
  'fhir.read': 'audit.fhir.read',
  'hl7v2.received': 'audit.hl7v2.received',
  'instance.accepted': 'audit.instance.accepted',
  'instance.corrected': 'audit.instance.corrected',
  'key.added': 'audit.key.added',
  'key.revoked': 'audit.key.revoked',
  'measurements.imported': 'audit.measurements.imported',
  'message.resent': 'audit.message.resent',
  'model.changed': 'audit.model.changed',
  'model.staged': 'audit.model.staged',
  'person.erased': 'audit.person.erased',
  'reading.committed': 'audit.reading.committed',
  'reading.maps-checked': 'audit.reading.maps-checked',
  'record.read': 'audit.record.read',
  'session.opened': 'audit.session.opened',
  'session.closed': 'audit.session.closed',
  'settings.recorded': 'audit.settings.recorded',
  'settings.changed': 'audit.settings.changed',
  'silence.decided': 'audit.silence.decided',
  'similar.space-switched': 'audit.similar.space-switched',
  'study.opened': 'audit.study.opened',
  'study.closed': 'audit.study.closed',
  'study.reopened': 'audit.study.reopened',
  'study.labelled': 'audit.study.labelled',
  'study.corrected': 'audit.study.corrected',
  'study.withdrawn': 'audit.study.withdrawn',
  'study.reading-requested': 'audit.study.reading-requested',
} as const satisfies Readonly<Record<string, WordKey>>;

const WORD_OF_ACTION: Readonly<Record<string, WordKey>> = ACTION_WORDS;

/** Those that an administrator searches for. */
export const ACTIONS = Object.keys(ACTION_WORDS);

export const actionText = (action: string): string => {
  const word = WORD_OF_ACTION[action];
  return word === undefined ? action : say(word);
};
