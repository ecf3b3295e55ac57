// Unpenalised logistic regression by Newton's method: calibration slope and intercept, and the smooth calibration curve, are such fits.

export interface LogisticFit {
  readonly coefficients: readonly number[];
  /** Inverse of the observed information. */
  readonly covariance: readonly (readonly number[])[];
  /** False where the cases are separated or the columns depend on each other: then no estimate exists. */
  readonly converged: boolean;
}

/** Gauss–Jordan with partial pivoting; undefined for a singular matrix. */
function inverse(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const work = matrix.map((row, at) => [...row, ...Array.from({ length: size }, (_, j) => (j === at ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(work[row]![column]!) > Math.abs(work[pivot]![column]!)) pivot = row;
    const chosen = work[pivot]!;
    if (!(Math.abs(chosen[column]!) > 1e-14)) return undefined;
    work[pivot] = work[column]!;
    work[column] = chosen.map((value) => value / chosen[column]!);
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const factor = work[row]![column]!;
      work[row] = work[row]!.map((value, j) => value - factor * work[column]![j]!);
    }
  }
  return work.map((row) => row.slice(size));
}

/** `design` holds one row of predictors per case (with its column of ones where an intercept is wanted). */
export function fitLogistic(
  design: readonly (readonly number[])[],
  outcomes: readonly boolean[],
  offset?: readonly number[],
): LogisticFit {
  const width = design[0]?.length ?? 0;
  let coefficients = Array.from({ length: width }, () => 0);
  let covariance: number[][] = [];
  for (let round = 0; round < 50; round += 1) {
    const gradient = Array.from({ length: width }, () => 0);
    const information = Array.from({ length: width }, () => Array.from({ length: width }, () => 0));
    design.forEach((row, at) => {
      const score = row.reduce((sum, value, j) => sum + value * coefficients[j]!, offset?.[at] ?? 0);
      const probability = 1 / (1 + Math.exp(-score));
      const error = (outcomes[at] === true ? 1 : 0) - probability;
      const weight = probability * (1 - probability);
      row.forEach((value, j) => {
        gradient[j]! += error * value;
        for (let k = 0; k <= j; k += 1) information[j]![k]! += weight * value * row[k]!;
      });
    });
    information.forEach((row, j) => row.forEach((_, k) => k > j && (row[k] = information[k]![j]!)));
    const inverted = inverse(information);
    if (inverted === undefined) return { coefficients, covariance, converged: false };
    covariance = inverted;
    const step = inverted.map((row) => row.reduce((sum, value, j) => sum + value * gradient[j]!, 0));
    coefficients = coefficients.map((value, j) => value + step[j]!);
    if (!coefficients.every((value) => Number.isFinite(value) && Math.abs(value) < 1e6)) break;
    if (step.every((value, j) => Math.abs(value) <= 1e-12 * (1 + Math.abs(coefficients[j]!))))
      return { coefficients, covariance, converged: true };
  }
  return { coefficients, covariance, converged: false };
}
