// The evidence that a heatmap's picture holds, read back from its opacity, so that lines of equal evidence and the scale beside the film
// come from the very picture that is shown.
export interface Evidence {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, 0 to 1: 1 is the strongest of this map. */
  readonly values: Float32Array;
}

export interface EvidencePicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity. */
  readonly data: Uint8ClampedArray;
}

/** Opacity of the strongest evidence; the service draws opacity as the square of the evidence (explanation/heatmap.ts). */
const MOST_OPAQUE = 0.6 * 255;

export function evidenceOf({ width, height, data }: EvidencePicture): Evidence {
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at += 1)
    values[at] = Math.min(1, Math.sqrt((data[at * 4 + 3] ?? 0) / MOST_OPAQUE));
  return { columns: width, rows: height, values };
}

const SCALE_STEPS = 8;

/** CSS colours of the map from faint to strongest; a step that the map does not hold repeats the one below it. */
export function scaleColours(picture: EvidencePicture): readonly string[] {
  const { values } = evidenceOf(picture);
  const found = new Map<number, string>();
  for (let at = 0; at < values.length && found.size < SCALE_STEPS; at += 1) {
    const step = Math.ceil((values[at] ?? 0) * SCALE_STEPS) - 1;
    if (step < 0 || found.has(step)) continue;
    const [red, green, blue] = picture.data.subarray(at * 4, at * 4 + 3);
    found.set(step, `rgb(${red} ${green} ${blue})`);
  }
  let last = 'rgb(0 0 0)';
  return Array.from({ length: SCALE_STEPS }, (_, step) => (last = found.get(step) ?? last));
}
