// Every answer to an alert as a line of CSV: what was told, what was done, by whom, when and through which door (ONC (b)(11) asks for these).
import type { FollowedAlert } from './figures.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';

const FEEDBACK_COLUMNS = [
  'alert',
  'rule',
  'model',
  'model_version',
  'severity',
  'raised_at',
  'departments',
  'action',
  'reason',
  'comment',
  'user',
  'channel',
  'at',
] as const;

/** A spreadsheet must not run what somebody typed as a comment. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

/** RFC 4180 with a header; no patient and no name of a person but the login of whoever acted. */
export const feedbackTable = (followed: readonly FollowedAlert[]): string =>
  [
    line(FEEDBACK_COLUMNS),
    ...followed.flatMap(({ alert, events }) =>
      events.map(({ kind, reasonCode, comment, actor, channel, at }) =>
        line([
          alert.id,
          ruleOfKey(alert.dedupKey),
          alert.provenance.modelId,
          alert.provenance.modelVersion,
          alert.severity,
          alert.createdAt,
          alert.audience.departmentCodes.join(' '),
          kind,
          reasonCode ?? '',
          comment ?? '',
          actor,
          channel,
          at,
        ]),
      ),
    ),
  ].join('');
