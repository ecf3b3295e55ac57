/** Whole percents; near the ends `< 1 %` and `> 99 %`, because no calibration supports a certainty of 0 or 100 %. */
export function percent(probability: number): string {
  if (probability > 0.99) return '> 99 %';
  if (probability < 0.01) return '< 1 %';
  return `${Math.round(probability * 100)} %`;
}
