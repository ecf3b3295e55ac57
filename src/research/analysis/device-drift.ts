// Drift of a device's films: its newest window against its own earlier one. No device is compared with another, since each sees
// other patients.
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import type { DeviceReadings } from '#kernel/service-times.ts';
import { share } from '#research/statistics/share.ts';

/** Below so many films in either window a comparison says nothing. */
export const LEAST_FILMS = 30;

export interface ShareChange {
  readonly recent: IntervalEstimate;
  readonly earlier: IntervalEstimate;
  /** Recent minus earlier; null where either window has too few films. */
  readonly difference: IntervalEstimate;
}

export interface DeviceDrift {
  readonly device: string;
  readonly recentFilms: number;
  readonly earlierFilms: number;
  readonly tooFew: boolean;
  /** Of the assessed films: placed as urgent or critical. */
  readonly positive: ShareChange;
  /** Of all films: refused by the model's gate. */
  readonly refused: ShareChange;
  /** Difference of the mean log-odds of each film's highest finding, in standard deviations of both windows (Cohen's d). */
  readonly score: IntervalEstimate;
}

interface Counted {
  readonly hits: number;
  readonly n: number;
}

const NOTHING = { value: null, lower: null, upper: null } as const;
const Z = 1.959964;

/** Newcombe's interval of a difference of two shares, from Wilson's of each (Stat Med 1998;17:873, method 10). */
export function shareChange(recent: Counted, earlier: Counted): ShareChange {
  const [a, b] = [share(recent.hits, recent.n), share(earlier.hits, earlier.n)];
  const n = Math.min(recent.n, earlier.n);
  if (n < LEAST_FILMS || a.value === null || b.value === null || a.lower === null || b.lower === null)
    return { recent: a, earlier: b, difference: { ...NOTHING, n } };
  const [upperA, upperB] = [a.upper ?? 1, b.upper ?? 1];
  const value = a.value - b.value;
  return {
    recent: a,
    earlier: b,
    difference: {
      value,
      lower: value - Math.hypot(a.value - a.lower, upperB - b.value),
      upper: value + Math.hypot(upperA - a.value, b.value - b.lower),
      n,
    },
  };
}

/** Cohen's d with its large-sample interval (Hedges and Olkin 1985, p. 86). */
export function scoreShift(recent: DeviceReadings | undefined, earlier: DeviceReadings | undefined): IntervalEstimate {
  const [n, m] = [recent?.assessed ?? 0, earlier?.assessed ?? 0];
  const least = Math.min(n, m);
  const [mean, before] = [recent?.scoreMean ?? null, earlier?.scoreMean ?? null];
  const [spread, spreadBefore] = [recent?.scoreDeviation ?? null, earlier?.scoreDeviation ?? null];
  if (least < LEAST_FILMS || mean === null || before === null || spread === null || spreadBefore === null)
    return { ...NOTHING, n: least };
  const pooled = Math.sqrt(((n - 1) * spread ** 2 + (m - 1) * spreadBefore ** 2) / (n + m - 2));
  if (pooled === 0) return { ...NOTHING, n: least };
  const value = (mean - before) / pooled;
  const half = Z * Math.sqrt(1 / n + 1 / m + value ** 2 / (2 * (n + m)));
  return { value, lower: value - half, upper: value + half, n: least };
}

/** One row per device, by name; a device that was silent in one window is told as one with too few films. */
export function deviceDrift(readings: readonly DeviceReadings[]): readonly DeviceDrift[] {
  return [...Map.groupBy(readings, ({ device }) => device)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, rows]) => {
      const recent = rows.find(({ window }) => window === 'recent');
      const earlier = rows.find(({ window }) => window === 'earlier');
      const of = (row: DeviceReadings | undefined, hits: 'positive' | 'notAssessed', n: 'assessed' | 'readings') => ({
        hits: row?.[hits] ?? 0,
        n: row?.[n] ?? 0,
      });
      return {
        device,
        recentFilms: recent?.readings ?? 0,
        earlierFilms: earlier?.readings ?? 0,
        tooFew: Math.min(recent?.readings ?? 0, earlier?.readings ?? 0) < LEAST_FILMS,
        positive: shareChange(of(recent, 'positive', 'assessed'), of(earlier, 'positive', 'assessed')),
        refused: shareChange(of(recent, 'notAssessed', 'readings'), of(earlier, 'notAssessed', 'readings')),
        score: scoreShift(recent, earlier),
      };
    });
}
