// The colour scale of evidence from 0 to 1: from dark blue to bright yellow, lighter at every step.
//
// Blue and yellow are told apart also by readers who cannot tell red from green, and lightness alone carries the order, so a
// gray print still reads. The ends are blended in OKLab (Björn Ottosson, 2020), where equal steps look equal.

type Triple = readonly [number, number, number];

/** OKLab lightness, green–red, blue–yellow. */
const DARK: Triple = [0.4, -0.02, -0.14];
const BRIGHT: Triple = [0.95, -0.04, 0.17];

/** Linear light → sRGB byte. */
function byteOf(linear: number): number {
  const light = Math.min(Math.max(linear, 0), 1);
  const encoded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}

function srgbOf([lightness, a, b]: Triple): Triple {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOf(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    byteOf(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    byteOf(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

const STEPS = 256;
const TABLE: readonly Triple[] = Array.from({ length: STEPS }, (_, step) => {
  const share = step / (STEPS - 1);
  const mix = (from: number, to: number): number => from + (to - from) * share;
  return srgbOf([mix(DARK[0], BRIGHT[0]), mix(DARK[1], BRIGHT[1]), mix(DARK[2], BRIGHT[2])]);
});

/** Red, green, blue, 0 to 255. Values outside [0, 1] get the colour of the nearer end. */
export function colourOf(value: number): Triple {
  const step = Math.round(Math.min(Math.max(value, 0), 1) * (STEPS - 1));
  return TABLE[step] ?? [0, 0, 0];
}
