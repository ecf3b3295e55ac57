// Is a head as good for every age, sex, view, device and source? Each group of enough films against the rest, with Holm's correction.
import type { LabelledFilm } from '#research/dataset/film.ts';
import type { Question } from '#research/dataset/question.ts';
import { areaOf } from '#research/statistics/delong.ts';
import { holm } from '#research/statistics/holm.ts';
import { Z_95, twoSided } from '#research/statistics/normal.ts';
import { type ScoredFilm, FEWEST_CASES } from './figures.ts';

export interface Subgroup {
  readonly by: 'age' | 'sex' | 'view' | 'device' | 'source';
  readonly group: string;
  readonly n: number;
  readonly positives: number;
  /** Null where the group or the rest is too small. */
  readonly auroc: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Of no difference from the films outside the group, corrected over all groups of this head. */
  readonly p: number | null;
}

/** Lower ends of the bands, in years. */
const AGE_BANDS = [0, 6, 18, 40, 60, 75] as const;

function ageBand(ageYears: number | undefined): string {
  if (ageYears === undefined) return '';
  const at = AGE_BANDS.findLastIndex((from) => ageYears >= from);
  const next = AGE_BANDS[at + 1];
  return next === undefined ? `${AGE_BANDS[at]}+` : `${AGE_BANDS[at]}–${next - 1}`;
}

const GROUPINGS: readonly (readonly [Subgroup['by'], (film: LabelledFilm) => string])[] = [
  ['age', ({ ageYears }) => ageBand(ageYears)],
  ['sex', ({ sex }) => sex],
  ['view', ({ view }) => view],
  ['device', ({ device }) => device],
  ['source', ({ source }) => source],
];

interface Row {
  readonly film: LabelledFilm;
  readonly truth: boolean;
  readonly probability: number;
}

const enough = (rows: readonly Row[]): boolean => {
  const positives = rows.filter(({ truth }) => truth).length;
  return positives >= FEWEST_CASES && rows.length - positives >= FEWEST_CASES;
};

const areaOfRows = (rows: readonly Row[]) =>
  areaOf(
    rows.map(({ probability }) => probability),
    rows.map(({ truth }) => truth),
    rows.map(({ film }) => film.patientId),
  );

interface Tested {
  readonly group: Subgroup;
  /** Before the correction; NaN where there is no test. */
  readonly raw: number;
}

function groupOf(by: Subgroup['by'], group: string, rows: readonly Row[], rest: readonly Row[]): Tested {
  const base = { by, group, n: rows.length, positives: rows.filter(({ truth }) => truth).length };
  if (!enough(rows)) return { group: { ...base, auroc: null, lower: null, upper: null, p: null }, raw: Number.NaN };
  const own = areaOfRows(rows);
  const error = Math.sqrt(own.variance);
  const other = enough(rest) ? areaOfRows(rest) : undefined;
  const raw =
    other === undefined ? Number.NaN : twoSided((own.value - other.value) / Math.sqrt(own.variance + other.variance));
  // An area of 1 has no variance: no interval and no test.
  const interval =
    error > 0
      ? { lower: own.value - Z_95 * error, upper: Math.min(1, own.value + Z_95 * error) }
      : { lower: null, upper: null };
  return { group: { ...base, auroc: own.value, ...interval, p: null }, raw };
}

/** Groupings that the data set does not tell, or that all films share, are left out. */
export function subgroupsOf(films: readonly ScoredFilm[], { finding, truth }: Question): Subgroup[] {
  const rows = films.flatMap(({ film, heads }): Row[] => {
    const label = truth(film);
    const head = heads.get(finding);
    return label === undefined || head === undefined ? [] : [{ film, truth: label, probability: head.probability }];
  });
  const groups = GROUPINGS.flatMap(([by, nameOf]) => {
    const names = [...new Set(rows.map(({ film }) => nameOf(film)))].filter((name) => name !== '').sort();
    if (names.length < 2) return [];
    return names.map((name) =>
      groupOf(
        by,
        name,
        rows.filter(({ film }) => nameOf(film) === name),
        rows.filter(({ film }) => nameOf(film) !== name),
      ),
    );
  });
  const adjusted = holm(groups.map(({ raw }) => raw));
  return groups.map(({ group }, at) => {
    const p = adjusted[at] ?? Number.NaN;
    return { ...group, p: Number.isNaN(p) ? null : p };
  });
}
