// A candidate alert: a feature hands it to the alert room, and the ward's policy then decides whether it is told.
import type { Alert, AlertSubject } from '#kernel/alert.ts';
import type { Audience } from '#alerts/policy/policy.ts';
import type { AlertLoad } from './reader-load.ts';

export interface AlertCandidate extends Pick<
  Alert,
  'facilityId' | 'severity' | 'summary' | 'detail' | 'limitations' | 'sourceId' | 'provenance'
> {
  /** `<model or equation>/<finding>`: what the policy's rules are matched with. */
  readonly ruleId: string;
  /** A study is a past event: once told, told. A patient's state may come back and be told again. */
  readonly about: { readonly kind: 'study' | 'patient'; readonly id: string; readonly subKey: string };
  /** Of the leading evidence, 0 to 1. */
  readonly probability: number;
  /** Leading one first. The first `facts` of them are what is told (findings, a risk); the rest only explains it. */
  readonly evidence: Alert['evidence'];
  readonly facts: number;
}

export interface AlertContext {
  readonly now: Date;
  readonly subject: AlertSubject;
  /** The patient's alerts in this facility, of any status; empty when there are none or none are kept. */
  readonly previous: readonly Alert[];
  /** Login of whoever ordered the examination, where known. */
  readonly orderedBy?: string;
  /** Receivers that the order brings (the requester, the ward), added to those of the policy's rule. */
  readonly audience?: Partial<Audience>;
  /** Alerts of the last hour and of the budget's window; absent where nothing is counted (CLI): then neither caps nor budget bind. */
  readonly load?: AlertLoad;
}
