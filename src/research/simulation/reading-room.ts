// One run of a reading room: films come at random, readers take the next one, and each film waits. The same films with the same reading
// times are read in order of arrival and by urgency, so that a difference is the order's alone.
import { seededRandom } from '#kernel/seeded-random.ts';

export interface ReadingRoom {
  readonly arrivalsPerHour: number;
  /** Share of films that truly show something that cannot wait. */
  readonly prevalence: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly readers: number;
  readonly minutesPerFilm: number;
  /** A film that waited this long is read as if it were urgent; absent: never. */
  readonly ageingMinutes?: number;
}

export interface SimulatedFilm {
  /** Minutes from the start. */
  readonly arrival: number;
  readonly minutes: number;
  readonly isGrave: boolean;
  /** Called urgent by the model. */
  readonly isFlagged: boolean;
}

export interface RunLength {
  readonly hours: number;
  readonly seed: number;
}

const MINUTES = 60;

/** Poisson arrivals; reading times are exponential, the least favourable of the usual choices. */
export function drawFilms(room: ReadingRoom, { hours, seed }: RunLength): readonly SimulatedFilm[] {
  const random = seededRandom(seed);
  const exponential = (mean: number): number => -mean * Math.log(1 - random());
  const films: SimulatedFilm[] = [];
  for (let at = 0; ;) {
    at += exponential(MINUTES / room.arrivalsPerHour);
    if (at >= hours * MINUTES) return films;
    const isGrave = random() < room.prevalence;
    films.push({
      arrival: at,
      minutes: exponential(room.minutesPerFilm),
      isGrave,
      isFlagged: random() < (isGrave ? room.sensitivity : 1 - room.specificity),
    });
  }
}

export type ReadingSequence = 'arrival' | 'urgency';

/** Waiting minutes of each film, in order of arrival. A reading that has begun is never broken off. */
export function waitsOf(
  films: readonly SimulatedFilm[],
  room: Pick<ReadingRoom, 'readers' | 'ageingMinutes'>,
  order: ReadingSequence,
) {
  const { readers, ageingMinutes = Number.POSITIVE_INFINITY } = room;
  const free = new Float64Array(readers);
  const waits = new Float64Array(films.length);
  const urgent: number[] = [];
  const others: number[] = [];
  let [nextUrgent, nextOther, arrived] = [0, 0, 0];
  const queue = (at: number): void => {
    (order === 'urgency' && films[at]!.isFlagged ? urgent : others).push(at);
  };
  for (let served = 0; served < films.length; served += 1) {
    let reader = 0;
    for (let each = 1; each < readers; each += 1) if (free[each]! < free[reader]!) reader = each;
    let now = free[reader]!;
    while (arrived < films.length && films[arrived]!.arrival <= now) queue(arrived++);
    if (nextUrgent === urgent.length && nextOther === others.length) {
      now = films[arrived]!.arrival;
      queue(arrived++);
    }
    const [one, other] = [urgent[nextUrgent], others[nextOther]];
    const isAged =
      other !== undefined &&
      (one === undefined ||
        (now - films[other]!.arrival >= ageingMinutes && films[other]!.arrival < films[one]!.arrival));
    const chosen = isAged ? other : one;
    if (chosen === undefined) throw new Error('a reader is free and no film waits');
    if (isAged) nextOther += 1;
    else nextUrgent += 1;
    waits[chosen] = now - films[chosen]!.arrival;
    free[reader] = now + films[chosen]!.minutes;
  }
  return waits;
}
