// The text of an e-mail: how many alerts of which severity wait, no patient and no finding.
import { SEVERITIES, type Severity } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';

export interface MailFacts {
  readonly facilityName: string;
  /** Of the alerts that nobody has answered yet. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Of the worklist page, where a login or the hospital's network protects what is shown. */
  readonly worklist: string;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

export function mailText({ facilityName, counts, worklist }: MailFacts, language: Language): MailText {
  const lines = SEVERITIES.toReversed()
    .filter((severity) => counts[severity] > 0)
    .map((severity) => say(language, `email.count.${severity}`, { count: counts[severity] }));
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  return {
    subject: say(language, 'email.subject', { facility: facilityName, counts: lines.join(', ') }),
    text: [
      say(language, 'email.intro', { facility: facilityName, count: total }),
      ...lines.map((line) => `- ${line}`),
      '',
      say(language, 'email.worklist'),
      worklist,
      '',
      say(language, 'email.nothing-of-patients'),
      '',
    ].join('\n'),
  };
}
