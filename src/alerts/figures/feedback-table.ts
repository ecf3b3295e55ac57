// Every answer to an alert as a line of CSV: what was told, what was done, by whom, when and through which door (ONC (b)(11) asks for these).
import type { FollowedAlert } from './figures.ts';
import { csvTable } from '#http/csv.ts';
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

/** No patient and no name of a person but the login of whoever acted. */
export const feedbackTable = (followed: readonly FollowedAlert[]): string =>
  csvTable(
    FEEDBACK_COLUMNS,
    followed.flatMap(({ alert, events }) =>
      events.map(({ kind, reasonCode, comment, actor, channel, at }) => [
        alert.id,
        ruleOfKey(alert.dedupKey),
        alert.provenance.modelId,
        alert.provenance.modelVersion,
        alert.severity,
        alert.createdAt,
        alert.audience.departmentCodes.join(' '),
        kind,
        reasonCode,
        comment,
        actor,
        channel,
        at,
      ]),
    ),
  );
