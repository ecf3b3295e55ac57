// The viewer: one film of a study with its tools. It says at every moment what is on the screen: nothing yet, a preview, the original, or
// that the film could not be shown.
import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Study } from '#client/client.ts';
import { number, say, type WordKey } from '#web/pages/shell/words.ts';
import { openFilmCanvas, type Measure, type Scene, valueAt } from './film-canvas.ts';
import { loadFilm, type LoadedFilm } from './film-loading.ts';
import { holdFilm, type Tool } from './film-pointer.ts';
import { firstWindow, type Window } from './film-values.ts';
import { fitted, flipped, moved, type Placement, type Point, toFilm, turned, zoomed } from './placement.ts';

export interface FilmViewerProps {
  readonly image: Study['images'][number];
  readonly maps: readonly HTMLImageElement[];
  readonly opacity: number;
  readonly notForClinicalUse: boolean;
  /** So that the page's keys reach the film. */
  control(control: FilmControl): void;
}

export interface FilmControl {
  zoom(factor: number): void;
  fit(): void;
  actual(): void;
  reset(): void;
  invert(): void;
  turn(): void;
  flip(): void;
  choose(tool: Tool): void;
}

const START: Placement = { scale: 1, x: 0, y: 0, turns: 0, mirrored: false };
const TOOLS = ['window', 'pan', 'distance', 'magnifier'] as const;
const ZOOM_STEP = 1.25;

function openState(image: Study['images'][number]) {
  return {
    loaded: signal<LoadedFilm>({ state: 'loading', original: 'coming' }),
    placement: signal<Placement>(START),
    window: signal<Window | undefined>(undefined),
    negative: signal(false),
    tool: signal<Tool>('window'),
    measures: signal<readonly Measure[]>([]),
    drawing: signal<Measure | undefined>(undefined),
    magnifier: signal<Point | undefined>(undefined),
    pointed: signal<number | undefined>(undefined),
    columns: image.columns ?? undefined,
    rows: image.rows ?? undefined,
    attempt: signal(0),
  };
}

type State = ReturnType<typeof openState>;

/** The film's own size; with pixels that are not square its height follows their shape. */
function extentOf({ loaded, columns, rows }: State) {
  const { film, preview } = loaded.value;
  const aspect = film?.pixelAspect ?? 1;
  return {
    columns: film?.columns ?? columns ?? preview?.naturalWidth ?? 1,
    rows: (film?.rows ?? rows ?? preview?.naturalHeight ?? 1) * aspect,
  };
}

const sceneOf = (state: State, { maps, opacity }: Pick<FilmViewerProps, 'maps' | 'opacity'>): Scene => {
  const { film, preview } = state.loaded.value;
  const drawing = state.drawing.value;
  return {
    film,
    preview,
    ...extentOf(state),
    placement: state.placement.value,
    window: state.window.value,
    negative: state.negative.value,
    maps,
    opacity,
    measures: drawing === undefined ? state.measures.value : [...state.measures.value, drawing],
    magnifier: state.magnifier.value,
  };
};

function controlOf(state: State, canvas: () => HTMLCanvasElement | null): FilmControl {
  const view = () => ({ width: canvas()?.clientWidth ?? 1, height: canvas()?.clientHeight ?? 1 });
  const fit = (): void => {
    const { columns, rows } = extentOf(state);
    state.placement.value = fitted(state.placement.value, { width: columns, height: rows }, view());
  };
  return {
    zoom: (factor) => {
      state.placement.value = zoomed(state.placement.value, factor);
    },
    fit,
    actual: () => {
      const { placement } = state;
      // One pixel of the film on one of the screen's.
      placement.value = { ...placement.value, scale: 1 / devicePixelRatio, x: 0, y: 0 };
    },
    reset: () => {
      state.window.value = undefined;
      state.negative.value = false;
      state.measures.value = [];
      state.placement.value = START;
      fit();
    },
    invert: () => {
      state.negative.value = !state.negative.value;
    },
    turn: () => {
      state.placement.value = turned(state.placement.value);
      fit();
    },
    flip: () => {
      state.placement.value = flipped(state.placement.value);
    },
    choose: (tool) => {
      state.tool.value = tool;
    },
  };
}

function windowBy(state: State, change: Point, canvas: HTMLCanvasElement): void {
  const { film } = state.loaded.value;
  if (film === undefined) return;
  const from = state.window.value ?? firstWindow(film);
  // A drag across the view doubles the window or moves it by its own width.
  const share = from.width / Math.max(1, canvas.clientWidth);
  state.window.value = {
    width: Math.max(2, from.width + change.x * 2 * share),
    center: from.center + change.y * share * (film.inverted ? -1 : 1),
  };
}

function useFilm(state: State, props: FilmViewerProps, control: FilmControl) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<ReturnType<typeof openFilmCanvas> | undefined>(undefined);
  const attempt = state.attempt.value;
  useEffect(
    () =>
      loadFilm(props.image.sopInstanceUid, (loaded) => {
        const first = state.loaded.value.state === 'loading' && loaded.state !== 'loading';
        state.loaded.value = loaded;
        if (first) control.fit();
      }),
    [state, attempt],
  );
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return undefined;
    drawn.current = openFilmCanvas(current);
    const watch = new ResizeObserver(() => control.fit());
    watch.observe(current);
    const release = holdFilm(current, {
      tool: () => state.tool.value,
      window: (change) => windowBy(state, change, current),
      pan: (change) => {
        state.placement.value = moved(state.placement.value, change);
      },
      zoom: (factor, at) => {
        state.placement.value = zoomed(state.placement.value, factor, at);
      },
      measure: (from, to, done) => {
        const { placement } = state;
        const measure = { from: toFilm(placement.value, from), to: toFilm(placement.value, to) };
        if (done === 'ended') state.measures.value = [...state.measures.value, measure];
        state.drawing.value = done === 'ended' ? undefined : measure;
      },
      magnify: (at) => {
        state.magnifier.value = at;
      },
      point: (at) => {
        state.pointed.value = valueAt(sceneOf(state, props), at);
      },
    });
    return () => {
      watch.disconnect();
      release();
      drawn.current?.close();
    };
  }, [state]);
  const scene = sceneOf(state, props);
  useEffect(() => drawn.current?.draw(scene));
  return canvas;
}

function StatusLine({ state }: { readonly state: State }) {
  const { film, state: shown, original } = state.loaded.value;
  const window = state.window.value ?? (film && firstWindow(film));
  const { columns, rows } = extentOf(state);
  return (
    <div class="corner right small number">
      <div>{say(`film.${shown}`)}</div>
      <div>
        {columns} × {Math.round(rows)} · {say('zoom')} {Math.round(state.placement.value.scale * 100)} %
      </div>
      {film && window && (
        <div>
          W {number(window.width)} · L {number(window.center)}
          {state.pointed.value !== undefined && ` · ${number(state.pointed.value)}`}
        </div>
      )}
      {film?.spacing?.at === 'detector' && state.measures.value.length > 0 && <div>* {say('at-detector')}</div>}
      {original === 'missing' && shown === 'preview' && <div>{say('film.preview-only')}</div>}
    </div>
  );
}

function Tools({ state, control }: { readonly state: State; readonly control: FilmControl }) {
  const button = (word: WordKey, sign: string, run: () => void, pressed?: boolean) => (
    <button type="button" aria-label={say(word)} title={say(word)} aria-pressed={pressed} onClick={run}>
      {sign}
    </button>
  );
  const signs: Readonly<Record<Tool, string>> = { window: '◐', pan: '✥', distance: '↔', magnifier: '⌕' };
  return (
    <div class="tools" role="toolbar" aria-label={say('tools')}>
      {TOOLS.map((tool) => button(`tool.${tool}`, signs[tool], () => control.choose(tool), state.tool.value === tool))}
      <span class="gap" />
      {button('tool.in', '+', () => control.zoom(ZOOM_STEP))}
      {button('tool.out', '−', () => control.zoom(1 / ZOOM_STEP))}
      {button('tool.actual', '1:1', control.actual)}
      {button('tool.fit', '[ ]', control.fit)}
      {button('tool.turn', '↻', control.turn)}
      {button('tool.flip', '⇋', control.flip)}
      {button('tool.invert', '◪', control.invert, state.negative.value)}
      {button('tool.reset', '⟲', control.reset)}
    </div>
  );
}

export function FilmViewer(props: FilmViewerProps) {
  const { image, notForClinicalUse } = props;
  const state = useMemo(() => openState(image), [image.sopInstanceUid]);
  const holder = useRef<HTMLCanvasElement | null>(null);
  const control = useMemo(() => controlOf(state, () => holder.current), [state]);
  useEffect(() => props.control(control), [control]);
  const canvas = useFilm(state, props, control);
  useEffect(() => {
    holder.current = canvas.current;
  });
  const { state: shown } = state.loaded.value;
  return (
    <div class="viewer" data-film={shown}>
      <canvas ref={canvas} class={`film tool-${state.tool.value}`} role="img" aria-label={say('film')} />
      {shown === 'loading' && <p class="film-note">{say('film.loading')}</p>}
      {shown === 'failed' && (
        <div class="film-note" role="alert">
          <p>{say('film.failed')}</p>
          <button type="button" onClick={() => (state.attempt.value += 1)}>
            {say('retry')}
          </button>
        </div>
      )}
      <div class="corner small">
        {[image.view, image.format === 'dicom' ? undefined : image.format.toUpperCase()]
          .filter((part) => part)
          .join(' ')}
      </div>
      <StatusLine state={state} />
      {notForClinicalUse && <div class="watermark">⊘ {say('not-clinical')}</div>}
      <Tools state={state} control={control} />
    </div>
  );
}
