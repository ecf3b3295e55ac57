// The heatmaps that lie on the film: asked for one by one, and each says whether it is shown, could be, or failed to come. A map that
// failed is never a film without heat.
import { type Signal, signal } from '@preact/signals';
import { loadPicture } from '#web/pages/viewer/film-loading.ts';
import type { Finding } from './study-state.ts';

export type MapState = 'shown' | 'available' | 'hidden' | 'checking' | 'failed' | 'none' | 'loading';

export interface Maps {
  readonly shown: Signal<ReadonlyMap<string, HTMLImageElement | 'loading' | 'failed'>>;
  toggle(readingId: string, code: string): Promise<void>;
  clear(): void;
}

export function openMaps(): Maps {
  const shown = signal<ReadonlyMap<string, HTMLImageElement | 'loading' | 'failed'>>(new Map());
  const put = (code: string, value: HTMLImageElement | 'loading' | 'failed' | undefined): void => {
    const next = new Map(shown.value);
    if (value === undefined) next.delete(code);
    else next.set(code, value);
    shown.value = next;
  };
  return {
    shown,
    async toggle(readingId, code) {
      const now = shown.value.get(code);
      if (now !== undefined && now !== 'failed') return put(code, undefined);
      put(code, 'loading');
      try {
        const picture = await loadPicture(`/v1/readings/${readingId}/heatmaps/${encodeURIComponent(code)}`);
        if (shown.value.get(code) === 'loading') put(code, picture);
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
