// The heatmaps that lie on the film: asked for one by one, and each says whether it is shown, could be, or failed to come. A map that
// failed is never a film without heat.
import { type Signal, signal } from '@preact/signals';
import { evidenceOf, scaleColours } from '#web/pages/viewer/evidence.ts';
import type { MapLayer } from '#web/pages/viewer/film-canvas.ts';
import { loadPicture } from '#web/pages/viewer/film-loading.ts';
import { isoLine } from '#web/pages/viewer/iso-line.ts';
import type { Finding } from './study-state.ts';

export type MapState = 'shown' | 'available' | 'hidden' | 'checking' | 'failed' | 'none' | 'loading';

export interface ShownMap extends MapLayer {
  /** From faint to strongest. */
  readonly scale: readonly string[];
}

export interface Maps {
  readonly shown: Signal<ReadonlyMap<string, ShownMap | 'loading' | 'failed'>>;
  readonly heat: Signal<boolean>;
  toggle(readingId: string, code: string): Promise<void>;
  clear(): void;
}

/** Told apart by lightness too; the first that is free is taken. */
const COLOURS = ['#ffd866', '#6db8ff', '#9be37b', '#ff9bd2', '#ffffff'];
const OUTLINE_AT = 0.5;
/** Outlines of more pixels only cost time. */
const LONGEST_SIDE = 256;

function shownMap(picture: HTMLImageElement, colour: string): ShownMap {
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * shrink));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * shrink));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('the browser gives no canvas');
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const outline = new Path2D();
  const pieces = isoLine(evidenceOf(pixels), OUTLINE_AT);
  for (let at = 0; at + 3 < pieces.length; at += 4) {
    outline.moveTo(pieces[at] ?? 0, pieces[at + 1] ?? 0);
    outline.lineTo(pieces[at + 2] ?? 0, pieces[at + 3] ?? 0);
  }
  return { picture, outline, colour, scale: scaleColours(pixels) };
}

export const isShown = (map: ShownMap | 'loading' | 'failed'): map is ShownMap => typeof map === 'object';

export function openMaps(): Maps {
  const shown = signal<ReadonlyMap<string, ShownMap | 'loading' | 'failed'>>(new Map());
  const put = (code: string, value: ShownMap | 'loading' | 'failed' | undefined): void => {
    const next = new Map(shown.value);
    if (value === undefined) next.delete(code);
    else next.set(code, value);
    shown.value = next;
  };
  function freeColour(): string {
    const taken = new Set([...shown.value.values()].filter(isShown).map(({ colour }) => colour));
    return COLOURS.find((colour) => !taken.has(colour)) ?? '#ffffff';
  }
  return {
    shown,
    heat: signal(true),
    async toggle(readingId, code) {
      const now = shown.value.get(code);
      if (now !== undefined && now !== 'failed') return put(code, undefined);
      put(code, 'loading');
      try {
        const picture = await loadPicture(`/v1/readings/${readingId}/heatmaps/${encodeURIComponent(code)}`);
        if (shown.value.get(code) === 'loading') put(code, shownMap(picture, freeColour()));
      } catch {
        put(code, 'failed');
      }
    },
    clear() {
      shown.value = new Map();
    },
  };
}

export function mapStateOf({ code, heatmap }: Finding, { shown }: Maps): MapState {
  const asked = shown.value.get(code);
  if (asked === 'failed' || asked === 'loading') return asked;
  if (asked !== undefined) return 'shown';
  return heatmap === null ? 'none' : heatmap.state;
}
