// Alerts as a table: one line each, with its patient's code and what became of it.
import type { Sentence } from '#kernel/errors.ts';
import { csvTable } from '#http/csv.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';
import type { FollowedAlert } from './figures.ts';

const COLUMNS = [
  'alert',
  'patient_code',
  'study_uid',
  'severity',
  'status',
  'rule',
  'title_vi',
  'title_en',
  'raised_at',
  'expires_at',
  'roles',
  'departments',
  'kept_silent_because',
  'last_action',
  'last_actor',
  'last_reason',
  'last_at',
] as const;

export const alertTable = (followed: readonly FollowedAlert[], ruleTitle: (rule: string) => Sentence): string =>
  csvTable(
    COLUMNS,
    followed.map(({ alert, events }) => {
      const rule = ruleOfKey(alert.dedupKey);
      const title = ruleTitle(rule);
      const last = events.at(-1);
      return [
        alert.id,
        alert.subject.patientCode,
        alert.subject.studyUid,
        alert.severity,
        alert.status,
        rule,
        title.vi,
        title.en,
        alert.createdAt,
        alert.expiresAt,
        alert.audience.roles.join(' '),
        alert.audience.departmentCodes.join(' '),
        alert.suppressedBecause?.code,
        last?.kind,
        last?.actor,
        last?.reasonCode,
        last?.at,
      ];
    }),
  );
