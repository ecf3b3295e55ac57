// The viewer: one film of a study with its tools. It says at every moment what is on the screen: nothing yet, a preview, the original, or
// that the film could not be shown.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Study } from '#client/client.ts';
import { number, say, type WordKey } from '#web/pages/shell/words.ts';
import { type MapLayer, openFilmCanvas, type Scene, valueAt } from './film-canvas.ts';
import { loadFilm, type LoadedFilm } from './film-loading.ts';
import { holdFilm, type Tool, TOOLS } from './film-pointer.ts';
import { firstWindow, type Window } from './film-values.ts';
import { inPixels, type Measure, measureText } from './measure.ts';
import {
  type Extent,
  fitted,
  flipped,
  moved,
  type Placement,
  type Point,
  sharedOf,
  type SharedPlace,
  shownAt,
  toFilm,
  turned,
  zoomed,
} from './placement.ts';
import { type Preset, PRESETS, presetWindow } from './presets.ts';

export interface FilmViewerProps {
  readonly image: Study['images'][number];
  readonly maps: readonly MapLayer[];
  readonly opacity: number;
  readonly heat: boolean;
  readonly notForClinicalUse: boolean;
  /** Films that share it show the same part at the same size. */
  readonly link?: Signal<SharedPlace | undefined>;
  /** Above the film, where two stand side by side. */
  readonly title?: string;
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
  nextPreset(): void;
  undo(): void;
}

const START: Placement = { scale: 1, x: 0, y: 0, turns: 0, mirrored: false };
const ZOOM_STEP = 1.25;

function openState(image: Study['images'][number]) {
  return {
    link: signal<FilmViewerProps['link']>(undefined),
    /** Of the canvas, in CSS pixels. */
    view: signal<Extent>({ width: 1, height: 1 }),
    loaded: signal<LoadedFilm>({ state: 'loading', original: 'coming' }),
    placement: signal<Placement>(START),
    window: signal<Window | undefined>(undefined),
    /** Undefined once a hand has changed the window. */
    preset: signal<Preset | undefined>('sent'),
    negative: signal(false),
    tool: signal<Tool>('window'),
    measures: signal<readonly Measure[]>([]),
    drawing: signal<Measure | undefined>(undefined),
    /** The first arm of an angle whose second one is not drawn yet. */
    arm: signal<readonly Point[]>([]),
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

const sceneOf = (state: State, { maps, opacity, heat }: Pick<FilmViewerProps, 'maps' | 'opacity' | 'heat'>): Scene => {
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
    heat,
    measures: drawing === undefined ? state.measures.value : [...state.measures.value, drawing],
    magnifier: state.magnifier.value,
  };
};

function choosePreset(state: State, preset: Preset): void {
  const { film } = state.loaded.value;
  if (film === undefined) return;
  state.preset.value = preset;
  state.window.value = presetWindow(film, preset);
}

const frameOf = (state: State): readonly [Extent, Extent] => {
  const { columns, rows } = extentOf(state);
  return [{ width: columns, height: rows }, state.view.value];
};

/** A hand's act: films that share the place follow it. */
function place(state: State, placement: Placement): void {
  state.placement.value = placement;
  const link = state.link.value;
  if (link !== undefined) link.value = sharedOf(placement, ...frameOf(state));
}

/** The film as large as its frame, or where the film beside it is. */
function settle(state: State): void {
  const shared = state.link.value?.value;
  const { placement } = state;
  placement.value =
    shared === undefined ? fitted(placement.value, ...frameOf(state)) : shownAt(shared, ...frameOf(state));
}

function controlOf(state: State): FilmControl {
  const fitTo = (placement: Placement): void => place(state, fitted(placement, ...frameOf(state)));
  return {
    zoom: (factor) => place(state, zoomed(state.placement.value, factor)),
    fit: () => fitTo(state.placement.value),
    // One pixel of the film on one of the screen's.
    actual: () => place(state, { ...state.placement.value, scale: 1 / devicePixelRatio, x: 0, y: 0 }),
    reset: () => {
      state.window.value = undefined;
      state.preset.value = 'sent';
      state.negative.value = false;
      state.measures.value = [];
      fitTo(START);
    },
    invert: () => {
      state.negative.value = !state.negative.value;
    },
    turn: () => fitTo(turned(state.placement.value)),
    flip: () => place(state, flipped(state.placement.value)),
    choose: (tool) => {
      state.tool.value = tool;
    },
    nextPreset: () => {
      const { value } = state.preset;
      const next = PRESETS[(value === undefined ? -1 : PRESETS.indexOf(value)) + 1] ?? PRESETS[0];
      choosePreset(state, next);
    },
    undo: () => {
      state.measures.value = state.measures.value.slice(0, -1);
    },
  };
}

function windowBy(state: State, change: Point, canvas: HTMLCanvasElement): void {
  const { film } = state.loaded.value;
  if (film === undefined) return;
  const from = state.window.value ?? firstWindow(film);
  state.preset.value = undefined;
  // A drag across the view doubles the window or moves it by its own width.
  const share = from.width / Math.max(1, canvas.clientWidth);
  state.window.value = {
    width: Math.max(2, from.width + change.x * 2 * share),
    center: from.center + change.y * share * (film.inverted ? -1 : 1),
  };
}

/** A distance in one drag; an angle in two: the first arm, then where the second one ends. */
function measuring(state: State) {
  const put = (measure: Measure, done: 'moving' | 'ended'): void => {
    if (done === 'ended') state.measures.value = [...state.measures.value, measure];
    state.drawing.value = done === 'ended' ? undefined : measure;
  };
  const film = (point: Point): Point => toFilm(state.placement.value, point);
  return {
    distance: (from: Point, to: Point, done: 'moving' | 'ended') => put({ points: [film(from), film(to)] }, done),
    angle: (from: Point, to: Point, done: 'moving' | 'ended') => {
      const [first, vertex] = state.arm.value;
      if (first !== undefined && vertex !== undefined) {
        put({ points: [first, vertex, film(to)] }, done);
        if (done === 'ended') state.arm.value = [];
        return;
      }
      const arm = [film(from), film(to)];
      if (done === 'ended') state.arm.value = arm;
      state.drawing.value = { points: arm };
    },
  };
}

/** A film that another one leads. */
function useLink(state: State, link: FilmViewerProps['link']): void {
  useEffect(() => {
    state.link.value = link;
  }, [state, link]);
  const shared = state.link.value?.value;
  const { state: shown } = state.loaded.value;
  useEffect(() => {
    if (shared !== undefined && shown !== 'loading') state.placement.value = shownAt(shared, ...frameOf(state));
  }, [shared, shown]);
}

function useFilm(state: State, props: FilmViewerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<ReturnType<typeof openFilmCanvas> | undefined>(undefined);
  const attempt = state.attempt.value;
  useEffect(
    () =>
      loadFilm(props.image.sopInstanceUid, (loaded) => {
        const first = state.loaded.value.state === 'loading' && loaded.state !== 'loading';
        state.loaded.value = loaded;
        if (first) settle(state);
      }),
    [state, attempt],
  );
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return undefined;
    drawn.current = openFilmCanvas(current);
    const hands = measuring(state);
    const watch = new ResizeObserver(() => {
      state.view.value = { width: Math.max(1, current.clientWidth), height: Math.max(1, current.clientHeight) };
      settle(state);
    });
    watch.observe(current);
    const release = holdFilm(current, {
      tool: () => state.tool.value,
      window: (change) => windowBy(state, change, current),
      pan: (change) => {
        place(state, moved(state.placement.value, change));
      },
      zoom: (factor, at) => {
        place(state, zoomed(state.placement.value, factor, at));
      },
      measure: hands.distance,
      angle: hands.angle,
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
  useLink(state, props.link);
  const scene = sceneOf(state, props);
  useEffect(() => drawn.current?.draw(scene));
  return canvas;
}

const SHOWN_MEASURES = 4;

const measuresOf = ({ measures, loaded }: State): readonly string[] => {
  const { film } = loaded.value;
  return measures.value
    .slice(-SHOWN_MEASURES)
    .map((measure) => measureText(inPixels(measure, film?.pixelAspect), film?.spacing));
};

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
      {measuresOf(state).map((text, at) => (
        <div key={at} data-measure>
          {text}
        </div>
      ))}
      {film?.spacing?.at === 'detector' && state.measures.value.some(({ points }) => points.length === 2) && (
        <div>* {say('at-detector')}</div>
      )}
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
  const signs: Readonly<Record<Tool, string>> = { window: '◐', pan: '✥', distance: '↔', angle: '∠', magnifier: '⌕' };
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
      {button('tool.undo', '↶', control.undo)}
      {button('tool.reset', '⟲', control.reset)}
      {state.loaded.value.film && (
        <select
          class="preset"
          aria-label={say('preset')}
          title={say('preset')}
          value={state.preset.value ?? ''}
          onChange={({ currentTarget: { value } }) => {
            const chosen = PRESETS.find((preset) => preset === value);
            if (chosen !== undefined) choosePreset(state, chosen);
          }}
        >
          {state.preset.value === undefined && <option value="">{say('preset.own')}</option>}
          {PRESETS.map((preset) => (
            <option key={preset} value={preset}>
              {say(`preset.${preset}`)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

export function FilmViewer(props: FilmViewerProps) {
  const { image, notForClinicalUse } = props;
  const state = useMemo(() => openState(image), [image.sopInstanceUid]);
  const control = useMemo(() => controlOf(state), [state]);
  useEffect(() => props.control(control), [control]);
  // A measure that is half drawn ends with its tool.
  useEffect(() => {
    state.arm.value = [];
    state.drawing.value = undefined;
  }, [state.tool.value]);
  const canvas = useFilm(state, props);
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
        {props.title !== undefined && <div class="film-title">{props.title}</div>}
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
