// An alert with everything that was done about it, as it is found for views in other systems' languages.
import type { Alert } from '#kernel/alert.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { AlertEvent } from './lifecycle.ts';

export interface AlertRecord {
  readonly alert: Alert;
  readonly events: readonly AlertEvent[];
  /** Of the film that it speaks of: a phantom, or no original film. */
  readonly notForClinicalUse: boolean;
  readonly supersededBy?: Uuid;
}
