// Figures of a service's work from its own time stamps and readings, without data of persons.
import type { Priority } from './finding.ts';

/** When a study came, was read by the model, opened and closed by a person; absent: not yet. ISO 8601. */
export interface StudyTimes {
  readonly priority: Priority;
  readonly receivedAt: string;
  readonly readAt?: string;
  readonly openedAt?: string;
  readonly closedAt?: string;
}

/** Readings of one device in one window of time, all of one model and calibration. */
export interface DeviceReadings {
  /** As the device names itself; empty where its files do not say. */
  readonly device: string;
  readonly window: 'recent' | 'earlier';
  readonly readings: number;
  /** Refused by the model's gate. */
  readonly notAssessed: number;
  readonly assessed: number;
  /** Placed as urgent or critical by the model, of those assessed. */
  readonly positive: number;
  /** Mean and standard deviation of the log-odds of each film's highest finding; null with fewer than one (two) assessed. */
  readonly scoreMean: number | null;
  readonly scoreDeviation: number | null;
}
