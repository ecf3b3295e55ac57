// A film comes twice: a small picture at once, then its original values. Each step says what is really on the screen.
import { filmAddress } from '#web/pages/shell/person.ts';
import { type FilmValues, readFilm } from './film-values.ts';

export interface LoadedFilm {
  readonly state: 'loading' | 'preview' | 'full' | 'failed';
  readonly preview?: HTMLImageElement;
  readonly film?: FilmValues;
  /** The original could not be had: the picture on the screen is eight bits, perhaps reduced. */
  readonly original: 'coming' | 'here' | 'missing';
}

const PREVIEW_SIDE = 1024;
const LONGEST_MS = 30_000;

export function loadPicture(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const late = setTimeout(() => {
      reject(new Error('the picture did not come in time'));
      image.src = '';
    }, LONGEST_MS);
    image.addEventListener('load', () => {
      clearTimeout(late);
      resolve(image);
    });
    image.addEventListener('error', () => {
      clearTimeout(late);
      reject(new Error('the picture did not come'));
    });
    image.src = address;
  });
}

async function loadValues(uid: string, signal: AbortSignal): Promise<FilmValues> {
  const response = await fetch(`/v1/images/${encodeURIComponent(uid)}/pixels`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  });
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return readFilm(await response.arrayBuffer());
}

/** Calls `show` as the film comes; returns the end of it. */
export function loadFilm(uid: string, show: (loaded: LoadedFilm) => void): () => void {
  const ended = new AbortController();
  let loaded: LoadedFilm = { state: 'loading', original: 'coming' };
  const next = (parts: Partial<LoadedFilm>): void => {
    if (ended.signal.aborted) return;
    loaded = { ...loaded, ...parts };
    const failed =
      loaded.preview === undefined && loaded.film === undefined && previewEnded && loaded.original === 'missing';
    loaded = {
      ...loaded,
      state: loaded.film ? 'full' : loaded.preview ? 'preview' : failed ? 'failed' : 'loading',
    };
    show(loaded);
  };
  let previewEnded = false;
  show(loaded);
  loadPicture(filmAddress(uid, PREVIEW_SIDE)).then(
    (preview) => {
      previewEnded = true;
      next({ preview });
    },
    () => {
      previewEnded = true;
      next({});
    },
  );
  loadValues(uid, ended.signal).then(
    (film) => next({ film, original: 'here' }),
    () => next({ original: 'missing' }),
  );
  return () => ended.abort();
}
