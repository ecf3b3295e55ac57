// A feature: what is known of one clinical quantity of one person, with where it comes from; and what was rejected and why.
import type { Reason } from '#kernel/finding.ts';
import { convertUnit } from '#terminology/units.ts';
import { sentence } from '#messages/say.ts';
import type { QuantityRow } from './codes.ts';

/** Where a feature comes from, shown beside every result. */
export type Origin =
  | { readonly kind: 'stated' }
  | {
      readonly kind: 'measured';
      /** Place in the list that was sent. */
      readonly index: number;
      readonly code: string;
      readonly time?: string;
      readonly source?: string;
      /** A number as it was sent, in its UCUM unit: what a person is shown. */
      readonly sent?: { readonly value: number; readonly unit: string };
    }
  | { readonly kind: 'derived'; readonly from: readonly string[]; readonly time?: string };

export type Feature =
  /** In the unit in which it was sent: converting once, not twice, keeps 320 mg/dL at 320. */
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly unit: string;
      /** Half of one in the last digit that was sent, in the same unit; absent where nothing was printed. */
      readonly halfStep?: number;
      readonly origin: Origin;
    }
  /** Only bounds are known, in the concept's own unit: the laboratory wrote `<0,01`. */
  | { readonly kind: 'bounds'; readonly low: number; readonly high: number; readonly origin: Origin }
  | { readonly kind: 'flag'; readonly value: boolean; readonly origin: Origin }
  | { readonly kind: 'code'; readonly value: string; readonly origin: Origin };

export type Features = ReadonlyMap<string, Feature>;

export const REJECTION_CODES = [
  'unknown-code',
  'unknown-system',
  'unknown-unit',
  'missing-unit',
  'wrong-unit',
  'not-a-number',
  'not-a-flag',
  'unknown-answer',
  'implausible',
  'in-the-future',
  'unreadable-time',
  'conflicting',
  'suspected',
  'other-sex',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** A measurement that was not used: shown, never guessed. */
export interface Rejected {
  readonly index: number;
  /** For example `measurements.3.unit`. */
  readonly field: string;
  readonly code: string;
  readonly reason: Reason;
}

export const rejection = (code: RejectionCode): Reason => ({
  code: `risk.${code}`,
  text: sentence(`risk.rejected.${code}`),
});

/** In the unit `to`; NaN where that is not possible. */
export const valueIn = (
  feature: Feature & { readonly kind: 'number' },
  to: string,
  row: QuantityRow | undefined,
): number => convertUnit(feature.value, { from: feature.unit, to }, row) ?? Number.NaN;

export const timeOf = (feature: Feature): string | undefined =>
  feature.origin.kind === 'stated' ? undefined : feature.origin.time;
