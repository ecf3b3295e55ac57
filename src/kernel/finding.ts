// The result of a model on one study: the one result type that every view (page, CDS Hooks, FHIR, HL7, HisPro) shows.
import type { Sentence } from './errors.ts';
import type { Uuid } from './ids.ts';
import type { Provenance } from './provenance.ts';

/** Law 1: nothing else may reach a reader. */
export type Outcome = 'assessed' | 'not-assessed' | 'failed';

export type Decision = 'positive' | 'negative' | 'indeterminate';

/** Worklist urgency, most urgent first. A study that was not assessed is never below `routine`: silence is not a negative. */
export const PRIORITIES = ['critical', 'urgent', 'routine'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Why something was not assessed, failed, or was decided so. `code` reads `room.name`. */
export interface Reason {
  readonly code: string;
  readonly text: Sentence;
}

/**
 * How far the map of a finding is. `checking`: its faithfulness is not known yet, and it is not shown; `available`: checked, and may be
 * shown; `hidden`: below the model's bar; `failed`: it could not be checked. Of all but
 * `available` the reason stands beside it.
 */
export const MAP_STATES = ['checking', 'available', 'hidden', 'failed'] as const;
export type MapState = (typeof MAP_STATES)[number];

export interface FindingMap {
  readonly state: MapState;
  /** Absent while it is being checked, and where that failed. */
  readonly faithfulness?: number;
  readonly reason?: Reason;
}

/** By finding code. */
export type MapVerdicts = Readonly<Record<string, FindingMap>>;

export interface Finding {
  /** The head's code in model.json, for example `Effusion`. */
  readonly code: string;
  /** Calibrated probability, 0 to 1. */
  readonly probability: number;
  readonly decision: Decision;
  /** The share of the population at which the probability holds, 0 to 1; absent in readings made before it was declared. */
  readonly prevalence?: number;
  /** Further from the usual than anything seen in calibration: the probability is less sure than it looks. */
  readonly beyondCalibration?: true;
  /** Present where a class activation map is worth showing. */
  readonly heatmap?: FindingMap;
}

/** The result of reading one study with one model version. */
export interface Reading {
  readonly id: Uuid;
  readonly facilityId: string;
  readonly studyUid: string;
  /** The reading that it takes the place of, where the same images were read in the same way before that one. */
  readonly follows?: Uuid;
  /** SOP Instance UIDs of the images that were read. */
  readonly sopInstanceUids: readonly string[];
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly findings: readonly Finding[];
  readonly priority: Priority;
  /** ISO 8601, UTC. */
  readonly readAt: string;
  readonly provenance: Provenance;
  /** True for PNG and JPEG uploads and for phantoms: never for a clinical decision. */
  readonly notForClinicalUse: boolean;
}
