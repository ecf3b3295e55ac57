// One series per equation from a person's kept assessments: points in time, and which way they go.
import { z } from 'zod';
import type { Sentence } from '#kernel/errors.ts';
import { localDay } from '#kernel/local-time.ts';
import { compose, differenceText } from '#risk/assess/words.ts';
import type { Assessment } from '#kernel/assessment.ts';

const sentence = z.object({ vi: z.string(), en: z.string() });

/** What the series needs of a stored result; written by this program, but perhaps by an older one. */
const storedResult = z.object({
  equationVersion: z.string(),
  title: sentence,
  headline: z.string(),
  outputs: z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      value: z.number().nullable(),
      interval: z.object({ lower: z.number(), upper: z.number() }).nullable(),
      text: sentence,
    }),
  ),
  riskAge: z.object({ years: z.number() }).nullable(),
});

export interface SeriesPoint {
  readonly id: string;
  readonly assessedAt: string;
  readonly equationVersion: string;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly unit: string;
  readonly category: string | null;
  readonly riskAgeYears: number | null;
  readonly text: Sentence;
}

export interface Series {
  readonly equationId: string;
  readonly title: Sentence;
  /** Oldest first. */
  readonly points: readonly SeriesPoint[];
  /** Null with fewer than two values of one version of the equation. */
  readonly trend: {
    readonly direction: 'rising' | 'falling' | 'steady';
    /** Last value less first value, in the unit of the points. */
    readonly difference: number;
    readonly text: Sentence;
  } | null;
}

/** A change smaller than this share of the first value is called steady; our choice, about a rounding step of a 10 % risk. */
const STEADY = 0.01;

function trendOf(points: readonly SeriesPoint[]): Series['trend'] {
  const version = points.at(-1)?.equationVersion;
  const valued = points.filter(({ value, equationVersion }) => value !== null && equationVersion === version);
  const [first, last] = [valued[0], valued.at(-1)];
  if (first?.value == null || last?.value == null || first === last) return null;
  const difference = last.value - first.value;
  const steady = Math.abs(difference) <= STEADY * Math.abs(first.value);
  const direction = steady ? 'steady' : difference > 0 ? 'rising' : 'falling';
  const text = compose(`risk.series.${direction}`, {
    since: localDay(new Date(first.assessedAt)),
    from: first.text,
    to: last.text,
    difference: differenceText(last.unit, difference),
  });
  return { direction, difference, text };
}

function pointOf(kept: Assessment): { point: SeriesPoint; title: Sentence } | undefined {
  const stored = storedResult.safeParse(kept.result);
  const headline = stored.data?.outputs.find(({ name }) => name === stored.data.headline);
  if (stored.data === undefined || headline === undefined) return undefined;
  const { value, interval, unit, text } = headline;
  return {
    title: stored.data.title,
    point: {
      id: kept.id,
      assessedAt: kept.assessedAt,
      equationVersion: stored.data.equationVersion,
      value,
      interval,
      unit,
      category: kept.category ?? null,
      riskAgeYears: stored.data.riskAge?.years ?? null,
      text,
    },
  };
}

export function seriesOf(kept: readonly Assessment[]): readonly Series[] {
  const equations = [...new Set(kept.map(({ equationId }) => equationId))].sort();
  return equations.flatMap((equationId): Series[] => {
    const read = kept.filter((one) => one.equationId === equationId).flatMap((one) => pointOf(one) ?? []);
    const points = read.map(({ point }) => point).sort((a, b) => a.assessedAt.localeCompare(b.assessedAt));
    const title = read.at(-1)?.title;
    return title === undefined ? [] : [{ equationId, title, points, trend: trendOf(points) }];
  });
}
