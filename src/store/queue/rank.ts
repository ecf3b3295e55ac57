// The order of work over all kinds of jobs: a reading tells whether a patient is in danger, its maps only where to look.
import { PRIORITIES, type Priority } from '#kernel/finding.ts';

/** The lower, the sooner; of one rank the oldest first. */
export const RANK = {
  critical: 0,
  urgent: 10,
  /** Maps of a study that somebody looks at, and maps that have waited for `LONGEST_WAIT_MS`: before routine films. */
  wantedMaps: 15,
  routine: 20,
  /** Films that were fetched to be compared with: while none waits that somebody sent. */
  fetched: 25,
  /** Maps that no reader waits for: only while no film waits. */
  maps: 30,
} as const;

/** Of a study's order (`study.requested_rank`, which follows the order at any time); null where it asks for nothing more than routine. */
export const ORDERED_RANK = `case requested_rank when 0 then ${RANK.critical} when 1 then ${RANK.urgent} end`;

/** Maps wait no longer behind routine films. */
export const LONGEST_WAIT_MS = 5 * 60_000;

/** Of several readings the most urgent one's maps come first. */
export const mapsRank = (priority: Priority): number => RANK.maps + PRIORITIES.indexOf(priority);
