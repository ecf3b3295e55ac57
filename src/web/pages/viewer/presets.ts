// Windows for one key: a chest film's values have no fixed unit, so each preset is a share of the values that the film itself holds.
import { type FilmValues, valueOf, type Window } from './film-values.ts';

export const PRESETS = ['sent', 'whole', 'lungs', 'mediastinum'] as const;
export type Preset = (typeof PRESETS)[number];

/** Shares of the pixels, from dark to bright as displayed, at which black and white lie. */
const SHARES: Readonly<Record<Exclude<Preset, 'sent'>, readonly [number, number]>> = {
  whole: [0, 1],
  lungs: [0.02, 0.65],
  mediastinum: [0.35, 0.995],
};

/** The code below which this share of the film's pixels lies; pixels that are no picture do not count. */
function codeAt(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  for (let code = 1; code < counts.length; code += 1) {
    seen += counts[code] ?? 0;
    if (seen > 0 && seen >= share * total) return code;
  }
  return counts.length - 1;
}

/** Undefined: the window that came with the film. */
export function presetWindow(film: FilmValues, preset: Preset): Window | undefined {
  if (preset === 'sent') return undefined;
  const counts = new Uint32Array(film.display.length);
  let total = 0;
  for (const code of film.codes) {
    if (code === 0) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    total += 1;
  }
  if (total === 0) return undefined;
  const [dark, bright] = SHARES[preset];
  // Of a film whose low values are bright the shares run the other way.
  const [from, to] = film.inverted ? [1 - bright, 1 - dark] : [dark, bright];
  const [low, high] = [valueOf(film, codeAt(counts, total, from)), valueOf(film, codeAt(counts, total, to))];
  return { center: (low + high) / 2, width: Math.max(1, Math.abs(high - low)) };
}
