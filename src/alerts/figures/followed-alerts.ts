// The alerts of the last days with what was done about each: what all doors for figures count.
import { z } from 'zod';
import type { Alert, AlertFilter } from '#kernel/alert.ts';
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { queryNumber } from '#http/reading-json.ts';
import type { AlertHead } from '#alerts/decide/decide.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { FollowedAlert } from './figures.ts';

/** What these doors need of the store. */
export interface FiguresStore {
  readonly alerts: {
    list(filter: Required<Pick<AlertFilter, 'since' | 'include' | 'limit'>>): Promise<readonly Alert[]>;
    eventsOf(alertIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, readonly AlertEvent[]>>;
  };
  readonly worklist: {
    list(
      filter: { readonly state: 'all'; readonly receivedFrom: string },
      page: { readonly limit: number; readonly after?: string },
    ): Promise<
      readonly {
        readonly study: {
          readonly studyUid: string;
          readonly patient: { readonly id?: string };
          readonly patientKey: string;
          readonly receivedAt: string;
        };
        readonly reading?: Reading;
      }[]
    >;
  };
}

export interface FiguresDeps {
  readonly clock: Clock;
  /** Of the models, the one that reads now first. */
  readonly heads: () => readonly AlertHead[];
  /** A rule (`cxr-findings/Effusion`, `risk/news2`) as a person reads it. */
  readonly ruleTitle: (rule: string) => Sentence;
  facility(id: string): Promise<FiguresStore>;
}

const MAX_ALERTS = 20_000;

export const figuresQuery = z.strictObject({ days: queryNumber(1, 366).default(30) });

export const sinceOf = (now: Date, days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();

/** Alerts with what was done about each; nothing was done yet about one that is new. */
export async function follow(store: FiguresStore, since: string): Promise<FollowedAlert[]> {
  const alerts = await store.alerts.list({ since, include: ['suppressed', 'superseded'], limit: MAX_ALERTS });
  const events = await store.alerts.eventsOf(alerts.flatMap(({ id, status }) => (status === 'new' ? [] : [id])));
  return alerts.map((alert) => ({ alert, events: events.get(alert.id) ?? [] }));
}
