// An alert becomes a notice in HisPro (SdaNotify): to named receivers only, with an end, and with as little about the patient as possible.
import { z } from 'zod';
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';
import type { HisClient } from '#interop/hispro/client/his-client.ts';
import { hisTime } from '#interop/hispro/client/time.ts';

export interface Receivers {
  readonly loginNames: readonly string[];
  readonly departmentCodes: readonly string[];
}

/** HisPro knows no roles: the site writes down who they are. */
export interface RoleBook {
  readonly [role: string]: Receivers;
}

/** ApiData of SdaNotify/Create, as HisPro spells it. */
export interface Notice {
  readonly TITLE: string;
  readonly CONTENT: string;
  readonly FROM_TIME: number;
  readonly TO_TIME: number;
  readonly RECEIVER_LOGINNAMES?: string;
  readonly RECEIVER_DEPARTMENT_CODES?: string;
}

/** What a notice says of an alert. */
export type NoticeAlert = Pick<Alert, 'id' | 'summary' | 'subject' | 'audience' | 'createdAt' | 'expiresAt'>;

export interface NoticeOptions {
  readonly language: Language;
  readonly roles: RoleBook;
  /** Holds the alert's id, by which a notice that arrived is known again. */
  readonly link: (alert: NoticeAlert) => string;
}

/** A comma inside a name would become two receivers, a blank one all of them. */
const clean = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => name.trim()).filter((name) => name !== '' && !name.includes(','))),
];

/**
 * One notice per kind of receiver, because HisPro joins login and department by AND.
 * Throws `hispro.no-receiver` where no receiver is named: HisPro would show the notice to every user of the hospital.
 */
export function noticesFor(alert: NoticeAlert, options: NoticeOptions): readonly Notice[] {
  const { language, roles, link } = options;
  const booked = alert.audience.roles.flatMap((role) => roles[role] ?? []);
  const logins = clean([...alert.audience.loginNames, ...booked.flatMap(({ loginNames }) => loginNames)]);
  const departments = clean([
    ...alert.audience.departmentCodes,
    ...booked.flatMap(({ departmentCodes }) => departmentCodes),
  ]);
  if (logins.length === 0 && departments.length === 0) throw hisproErrors.error('no-receiver', { field: 'audience' });
  const base = {
    TITLE: alert.summary[language],
    CONTENT: say(language, 'hispro.notice.content', {
      patient: alert.subject.patientCode,
      accession: alert.subject.accessionNumber ?? 'none',
      link: link(alert),
    }),
    FROM_TIME: hisTime(new Date(alert.createdAt)),
    TO_TIME: hisTime(new Date(alert.expiresAt)),
  };
  return [
    ...(logins.length === 0 ? [] : [{ ...base, RECEIVER_LOGINNAMES: logins.join(',') }]),
    ...(departments.length === 0 ? [] : [{ ...base, RECEIVER_DEPARTMENT_CODES: departments.join(',') }]),
  ];
}

const created = z.looseObject({ ID: z.number() }).nullish();

/** Checks every notice once more before it is sent. */
export async function sendNotice(client: HisClient, notice: Notice, signal?: AbortSignal): Promise<number | null> {
  const receivers = `${notice.RECEIVER_LOGINNAMES ?? ''}${notice.RECEIVER_DEPARTMENT_CODES ?? ''}`;
  if (receivers.replaceAll(/[\s,]/g, '') === '')
    throw hisproErrors.error('no-receiver', { field: 'RECEIVER_LOGINNAMES' });
  const data = await client.post({
    server: 'sda',
    action: 'SdaNotify/Create',
    data: notice,
    ...(signal === undefined ? {} : { signal }),
  });
  return created.safeParse(data).data?.ID ?? null;
}

const listed = z
  .array(
    z
      .looseObject({
        ID: z.number().nullish(),
        TITLE: z.string().nullish(),
        CONTENT: z.string().nullish(),
        FROM_TIME: z.number().nullish(),
        RECEIVER_LOGINNAMES: z.string().nullish(),
        RECEIVER_DEPARTMENT_CODES: z.string().nullish(),
        LOGIN_NAMES: z.string().nullish(),
      })
      .nullable(),
  )
  .nullish();

/**
 * SdaNotify has no identity of ours: before a notice is sent a second time, HisPro is asked whether the first one arrived. It is the same
 * one if title, start and receivers agree and its content names the alert (the link does): two patients may be told the same
 * words in the same second, and the second must not be taken for the first.
 */
export async function alreadyThere(
  client: HisClient,
  notice: Notice,
  alertId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const data = await client.get({
    server: 'sda',
    action: 'SdaNotify/Get',
    data: { FROM_TIME: notice.FROM_TIME, TO_TIME: notice.TO_TIME },
    ...(signal === undefined ? {} : { signal }),
  });
  return (listed.safeParse(data).data ?? []).some(
    (row) =>
      row !== null &&
      row.TITLE === notice.TITLE &&
      (row.CONTENT ?? '').includes(alertId) &&
      row.FROM_TIME === notice.FROM_TIME &&
      (row.RECEIVER_LOGINNAMES ?? '') === (notice.RECEIVER_LOGINNAMES ?? '') &&
      (row.RECEIVER_DEPARTMENT_CODES ?? '') === (notice.RECEIVER_DEPARTMENT_CODES ?? ''),
  );
}
