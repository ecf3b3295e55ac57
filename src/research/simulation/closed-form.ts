// Long-run waiting times of the same room by queueing theory: Erlang's C for readers in order of arrival (M/M/c), Cobham's formula for two
// classes that do not break each other off (Cobham, Operations Research 1954; Gross et al., Fundamentals of Queueing Theory, 4th ed., 3.4).
import type { ReadingRoom } from './reading-room.ts';

/** Share of the readers' time that is taken; from 1 on the queue grows without end. */
export const utilisationOf = ({ arrivalsPerHour, minutesPerFilm, readers }: ReadingRoom): number =>
  (arrivalsPerHour * minutesPerFilm) / 60 / readers;

/** The share of films that find every reader busy. */
export function erlangC(readers: number, offered: number): number {
  // Erlang's B by its recursion, which stays in range for any number of readers.
  let blocked = 1;
  for (let each = 1; each <= readers; each += 1) blocked = (offered * blocked) / (each + offered * blocked);
  const load = offered / readers;
  return blocked / (1 - load * (1 - blocked));
}

export interface ExpectedWaits {
  readonly arrival: number;
  /** With the urgent ones first. */
  readonly flagged: number;
  readonly unflagged: number;
  readonly grave: number;
  readonly others: number;
}

/** Minutes; without ageing. */
export function expectedWaits(room: ReadingRoom): ExpectedWaits {
  const { prevalence, sensitivity, specificity, readers, minutesPerFilm } = room;
  const load = utilisationOf(room);
  const first = (erlangC(readers, load * readers) * minutesPerFilm) / readers;
  const flaggedShare = prevalence * sensitivity + (1 - prevalence) * (1 - specificity);
  const flagged = first / (1 - load * flaggedShare);
  const unflagged = flagged / (1 - load);
  return {
    arrival: first / (1 - load),
    flagged,
    unflagged,
    grave: sensitivity * flagged + (1 - sensitivity) * unflagged,
    others: (1 - specificity) * flagged + specificity * unflagged,
  };
}
