// The normal and chi-squared distributions to double precision: p-values and interval factors of every test here come from this file.

const EPSILON = 1e-16;

/** Regularised incomplete gamma function P(a, x): its series below a + 1, Lentz's continued fraction of 1 - P above it. */
function gammaLower(a: number, x: number): number {
  if (x <= 0) return 0;
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; Math.abs(term) > Math.abs(sum) * EPSILON; n += 1) {
      term *= x / n;
      sum += term;
    }
    return sum * scale;
  }
  return 1 - gammaUpperFraction(a, x) * scale;
}

function gammaUpperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1000; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    fraction *= delta;
    if (Math.abs(delta - 1) < EPSILON) break;
  }
  return fraction;
}

/** 1 - P(a, x) without loss of digits in the tail. */
function gammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x < a + 1) return 1 - gammaLower(a, x);
  return gammaUpperFraction(a, x) * Math.exp(-x + a * Math.log(x) - logGamma(a));
}

/** Lanczos' approximation with g = 7 and nine terms (Godfrey's coefficients). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first = 0, ...terms] = LANCZOS;
  const sum = terms.reduce((total, term, index) => total + term / (x + index), first);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const half = gammaUpper(0.5, (z * z) / 2) / 2;
  return z < 0 ? half : 1 - half;
}

/** P(|Z| ≥ |z|). */
export const twoSided = (z: number): number => gammaUpper(0.5, (z * z) / 2);

/** P(X ≥ x) of the chi-squared distribution. */
export const chiSquaredUpper = (x: number, degreesOfFreedom: number): number => gammaUpper(degreesOfFreedom / 2, x / 2);

/** Factor of a two-sided 95 % interval: the 97.5 % quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;
