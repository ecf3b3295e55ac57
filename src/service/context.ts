// Context of every part of the service: settings, clock, log, the ward's policy, receivers of alerts.
import type { Clock } from '#kernel/clock.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { Config } from './config.ts';
import type { Log } from '#http/log.ts';
import type { Metrics } from '#http/metrics.ts';
import { framesOf } from '#http/problem.ts';
import type { DeliveryRoute } from '#delivery/alert-messages.ts';
import type { Site } from './site.ts';

export interface Here {
  readonly config: Config;
  readonly log: Log;
  /** Fixed words and what was thrown; nothing of a patient reaches the log. */
  readonly fault: (event: string, thrown: unknown) => void;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly site: Site;
  readonly policy: AlertPolicy;
  readonly routes: readonly DeliveryRoute[];
}

export const faultLog =
  (log: Log) =>
  (event: string, thrown: unknown): void =>
    log({
      level: 'error',
      event,
      fault: thrown instanceof Error ? thrown.name : typeof thrown,
      ...(thrown instanceof Error && 'code' in thrown && { code: thrown.code }),
      frames: framesOf(thrown),
    });
