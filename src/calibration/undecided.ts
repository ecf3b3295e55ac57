// Share of undecided films against coverage: operating points are fitted at several error rates to films
// of one split, counted on films of another.
import { type LabelledProbability, conformalPoints, type OperatingPoints } from './conformal.ts';

/** Of one film and one head: `holds` where what was called is true or nothing was called. */
export interface Call {
  readonly patient: string;
  readonly holds: boolean;
  readonly undecided: boolean;
}

export interface HeadFilms {
  readonly code: string;
  readonly fit: readonly LabelledProbability[];
  readonly check: readonly (LabelledProbability & { readonly patient: string })[];
}

/** `positiveFloor`: no finding is called positive below this chance. */
export function pointsAt(fit: readonly LabelledProbability[], rate: number, positiveFloor: number): OperatingPoints {
  const { negativeTo, positiveFrom } = conformalPoints(fit, { missed: rate, falseAlarms: rate });
  return { negativeTo, positiveFrom: Math.max(positiveFrom, positiveFloor) };
}

export const callsOf = (check: HeadFilms['check'], { negativeTo, positiveFrom }: OperatingPoints): Call[] =>
  check.map(({ patient, probability, positive }) => {
    const called = probability >= positiveFrom ? true : probability <= negativeTo ? false : undefined;
    return { patient, holds: called === undefined || called === positive, undecided: called === undefined };
  });

interface UndecidedPoint {
  readonly coverage: number;
  readonly undecidedShare: number;
}

/** The least that a person is left with at no lower coverage; undefined where no point covers as much. */
export const leastUndecided = <Point extends UndecidedPoint>(
  points: readonly Point[],
  coverage: number,
): Point | undefined =>
  points
    .filter((point) => point.coverage >= coverage)
    .reduce<Point | undefined>(
      (best, point) => (best === undefined || point.undecidedShare < best.undecidedShare ? point : best),
      undefined,
    );

/** The highest coverage at no more than this share undecided. */
export const mostCovered = <Point extends UndecidedPoint>(
  points: readonly Point[],
  undecidedShare: number,
): Point | undefined =>
  points
    .filter((point) => point.undecidedShare <= undecidedShare)
    .reduce<Point | undefined>(
      (best, point) => (best === undefined || point.coverage > best.coverage ? point : best),
      undefined,
    );
