// The decision about one result: an alert, or a silence with its reason. Both are stored, so that no result is passed over unseen.
import type { Alert } from './alert.ts';
import type { Reason } from './finding.ts';
import type { Uuid } from './ids.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** What the alert room decided about a result. */
export type Told =
  | {
      readonly kind: 'alert';
      readonly alert: Alert;
      /** Marked as superseded, and resolved where it is still open. */
      readonly supersedes?: Uuid;
      /** About this alert: queued only if it is really new. */
      readonly outbox?: readonly OutgoingMessage[];
    }
  | { readonly kind: 'silence'; readonly sourceId: Uuid; readonly reason: Reason };
