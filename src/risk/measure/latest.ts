// Of all that was measured of one quantity the latest. One sample printed in two units is one result; two results of one moment that differ by
// more than their rounding contradict each other, and then neither is used.
import { momentOf } from '#terminology/moment.ts';
import { convertUnit } from '#terminology/units.ts';
import { timeOf, type Feature, type Features } from './feature.ts';
import type { Registry } from './registry.ts';

type NumberFeature = Feature & { readonly kind: 'number' };
type ReadFeatures = readonly (readonly [concept: string, feature: Feature])[];

/** Absent time sorts before any time. */
const instant = (feature: Feature): number => momentOf(timeOf(feature) ?? '') || -Infinity;

const indexOf = ({ origin }: Feature): number => (origin.kind === 'measured' ? origin.index : -1);

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Where the true value may lie, in the quantity's own unit. */
function rangeOf(feature: NumberFeature, concept: string, registry: Registry): Range | undefined {
  const row = registry.quantity(concept);
  const { value, unit, halfStep = 0 } = feature;
  const ends = [value - halfStep, value + halfStep].map((end) =>
    row === undefined ? undefined : convertUnit(end, { from: unit, to: row.unit }, row),
  );
  const [low, high] = ends;
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Conversion itself rounds in the twelfth digit. */
const HAIR = 1e-9;

function sameValue(
  a: Feature,
  b: Feature,
  context: { readonly concept: string; readonly registry: Registry },
): boolean {
  if (a.kind === 'bounds' || b.kind === 'bounds')
    return a.kind === b.kind && a.kind === 'bounds' && b.kind === 'bounds' && a.low === b.low && a.high === b.high;
  if (a.kind !== 'number' || b.kind !== 'number') return a.value === b.value;
  // Two results of one form contradict each other where they differ; one with fewer digits is the same result, rounded.
  if (a.unit === b.unit && a.halfStep === b.halfStep) return a.value === b.value;
  const [one, two] = [a, b].map((feature) => rangeOf(feature, context.concept, context.registry));
  if (one === undefined || two === undefined) return false;
  const slack = HAIR * Math.max(Math.abs(one.high), Math.abs(two.high));
  return one.low <= two.high + slack && two.low <= one.high + slack;
}

/** The one that was printed with the most digits. */
function finest(features: readonly Feature[], concept: string, registry: Registry): Feature | undefined {
  const width = (feature: Feature): number => {
    const range = feature.kind === 'number' ? rangeOf(feature, concept, registry) : undefined;
    return range === undefined ? Infinity : range.high - range.low;
  };
  return features.toSorted((a, b) => (width(a) === width(b) ? 0 : width(a) - width(b)))[0];
}

/** `contradict` hears the place of each value that is not used. */
export function latestOf(found: ReadFeatures, registry: Registry, contradict: (index: number) => void): Features {
  const features = new Map<string, Feature>();
  for (const [concept, entries] of Map.groupBy(found, ([name]) => name)) {
    const all = entries.map(([, feature]) => feature);
    const newest = Math.max(...all.map(instant));
    const candidates = all.filter((feature) => instant(feature) === newest);
    const agree = candidates.every((one) => candidates.every((other) => sameValue(one, other, { concept, registry })));
    const best = finest(candidates, concept, registry);
    if (agree && best !== undefined) features.set(concept, best);
    else for (const candidate of candidates) contradict(indexOf(candidate));
  }
  return features;
}
