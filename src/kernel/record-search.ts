// Search of stored records: the parameters that views for other systems give, and the page that the store answers.
import type { AlertStatus } from './alert.ts';

/** Half-open: from <= time < before. ISO 8601, UTC. */
export interface TimeRange {
  readonly from?: string;
  readonly before?: string;
}

/** Every group must hold, and of a group any range. */
export type TimeGroups = readonly (readonly TimeRange[])[];

export interface Sort {
  /** When it was seen, computed or done; or when the record last changed. */
  readonly by: 'time' | 'updated';
  readonly descending: boolean;
}

export interface FindQuery {
  readonly ids?: readonly string[];
  /** Patient codes (MA_BN). */
  readonly patients?: readonly string[];
  readonly accessions?: readonly string[];
  readonly studies?: readonly string[];
  /** When it was seen, computed or done. */
  readonly times?: TimeGroups;
  /** When the record last changed. */
  readonly updated?: TimeGroups;
  /** Absent: the newest record first. */
  readonly sort?: Sort;
  /** `key` of the last item of the page before, of the same sort. */
  readonly after?: string;
  readonly limit: number;
}

export interface Found<Item> {
  readonly item: Item;
  readonly updatedAt: string;
  /** Place in the order; for `after`. */
  readonly key: string;
}

export interface AlertQuery extends FindQuery {
  readonly statuses?: readonly AlertStatus[];
  readonly sources?: readonly string[];
  /** `patient`: not about one study (risk flags). */
  readonly about?: 'patient';
}

export interface AssessmentQuery extends FindQuery {
  /** Those that led to these alerts. */
  readonly alerts?: readonly string[];
}

export interface FindingQuery extends FindQuery {
  readonly codes?: readonly string[];
}

export interface AuditQuery extends FindQuery {
  readonly actors?: readonly string[];
  readonly actions?: readonly string[];
  /** `type/id`, for example `alert/0190…`. */
  readonly subjects?: readonly string[];
}
