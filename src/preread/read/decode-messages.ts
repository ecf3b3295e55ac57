// Messages between the picture pool and its worker threads.
import type { Sentence } from '#kernel/errors.ts';
import type { ClassMap } from '#explanation/class-map.ts';
import type { HeatmapSize } from '#explanation/heatmap.ts';
import type { PictureIdentity } from '#kernel/picture-identity.ts';
import type { Film } from './film-images.ts';
import type { Decoded, PrepareSpec, Prepared } from './prepare.ts';

export type PictureTask =
  | { readonly kind: 'decode'; readonly bytes: Uint8Array; readonly spec: PrepareSpec }
  | { readonly kind: 'prepare'; readonly bytes: Uint8Array; readonly spec: PrepareSpec }
  | { readonly kind: 'film'; readonly bytes: Uint8Array; readonly longestSide: number }
  | { readonly kind: 'pixels'; readonly bytes: Uint8Array; readonly frame: number }
  | { readonly kind: 'identity'; readonly bytes: Uint8Array }
  | { readonly kind: 'heatmap'; readonly map: ClassMap; readonly size: HeatmapSize };

export type PictureRequest = PictureTask & { readonly id: number };

export type PictureAnswer = { readonly id: number } & (
  | { readonly kind: 'decoded'; readonly decoded: Decoded }
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'film'; readonly film: Film }
  | { readonly kind: 'pixels'; readonly body: Uint8Array }
  | { readonly kind: 'identity'; readonly identity: PictureIdentity }
  | { readonly kind: 'heatmap'; readonly png: Uint8Array }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly status: number;
      readonly text: Sentence;
      readonly field: string | undefined;
      readonly reason: string;
    }
  | { readonly kind: 'crashed'; readonly name: string }
);
