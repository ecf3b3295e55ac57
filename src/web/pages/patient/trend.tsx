// A risk over time as a line: each point is an assessment, a bar its interval. The table beside it says the same in words.
interface Point {
  readonly at: string;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

const WIDTH = 240;
const HEIGHT = 56;
const MARGIN = 6;

export function Trend({ points, label }: { readonly points: readonly Point[]; readonly label: string }) {
  const known = points.flatMap(({ at, value, interval }) => {
    const middle = value ?? (interval === null ? undefined : (interval.lower + interval.upper) / 2);
    return middle === undefined ? [] : [{ at: Date.parse(at), middle, interval }];
  });
  if (known.length < 2) return null;
  const times = known.map(({ at }) => at);
  const highest = Math.max(...known.flatMap(({ middle, interval }) => [middle, interval?.upper ?? middle])) || 1;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (at: number): number => MARGIN + ((at - first) / Math.max(1, last - first)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number => HEIGHT - MARGIN - (value / highest) * (HEIGHT - 2 * MARGIN);
  return (
    <svg class="trend" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <polyline points={known.map(({ at, middle }) => `${x(at)},${y(middle)}`).join(' ')} />
      {known.map(({ at, middle, interval }) => (
        <g key={at}>
          {interval && <line x1={x(at)} x2={x(at)} y1={y(interval.lower)} y2={y(interval.upper)} />}
          <circle cx={x(at)} cy={y(middle)} r="2.5" />
        </g>
      ))}
    </svg>
  );
}
