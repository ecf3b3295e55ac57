// A reading with its place among the readings of its study.
import type { Reading } from './finding.ts';
import type { Uuid } from './ids.ts';

export interface StoredReading extends Reading {
  readonly revision: number;
  readonly supersededBy?: Uuid;
}
