// Draws a film and what lies on it into a canvas: values through a table of grays, maps, measures, a magnifier. It keeps no page in mind:
// who holds it says what changed, and it draws once per frame of the screen.
import { bodyMask } from './body.ts';
import { type FilmValues, grayTable, type Window } from './film-values.ts';
import { inPixels, type Measure, measureText } from './measure.ts';
import { matrixOf, type Placement, type Point, toFilm, toScreen } from './placement.ts';

/** Evidence for one finding as it lies on the film. */
export interface MapLayer {
  readonly picture: CanvasImageSource;
  /** In a square of side 1 that the film fills. */
  readonly outline: Path2D;
  readonly colour: string;
}

/** What is shown; points are film pixels from the film's middle. */
export interface Scene {
  readonly film: FilmValues | undefined;
  readonly preview: HTMLImageElement | undefined;
  readonly columns: number;
  readonly rows: number;
  readonly placement: Placement;
  readonly window: Window | undefined;
  readonly negative: boolean;
  readonly maps: readonly MapLayer[];
  readonly opacity: number;
  /** Without heat only the outlines are drawn. */
  readonly heat: boolean;
  readonly measures: readonly Measure[];
  /** On the screen. */
  readonly magnifier: Point | undefined;
}

const MAGNIFIER_RADIUS = 110;
const MAGNIFIED = 2.5;
const OPAQUE = 255;

export interface FilmCanvas {
  draw(scene: Scene): void;
  close(): void;
}

function paintFilm(target: HTMLCanvasElement, { film, window, negative }: Scene): void {
  if (film === undefined) return;
  target.width = film.columns;
  target.height = film.rows;
  const context = target.getContext('2d');
  if (context === null) return;
  const table = grayTable(film, { window, flipped: negative });
  // One 32-bit word per gray: little-endian ABGR.
  const words = Uint32Array.from(table, (gray) => ((OPAQUE << 24) | (gray << 16) | (gray << 8) | gray) >>> 0);
  const image = context.createImageData(film.columns, film.rows);
  const out = new Uint32Array(image.data.buffer);
  const { codes } = film;
  for (let at = 0; at < out.length; at++) out[at] = words[codes[at]!]!;
  context.putImageData(image, 0, 0);
}

/** The film's body as a picture whose opacity cuts off what lies beside it. */
function maskOf(film: FilmValues): HTMLCanvasElement | undefined {
  const body = bodyMask(film);
  if (body === undefined) return undefined;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [body.columns, body.rows];
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  const image = context.createImageData(body.columns, body.rows);
  body.inside.forEach((inside, at) => (image.data[at * 4 + 3] = inside));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Maps keep to their own resolution: longer sides would only cost time. */
const LAYER_SIDE = 1024;

function openMapLayers(): (scene: Scene) => HTMLCanvasElement | undefined {
  const layers = document.createElement('canvas');
  let layersAs: readonly unknown[] = [];
  let mask: { readonly of: FilmValues; readonly picture: HTMLCanvasElement | undefined } | undefined;

  /** All maps and their outlines, cut to the body; drawn anew only where one of them changed. */
  return function mapsOf({ maps, film, heat, columns, rows }: Scene): HTMLCanvasElement | undefined {
    if (maps.length === 0) return undefined;
    const as = [film, heat, ...maps];
    if (as.length === layersAs.length && as.every((part, at) => part === layersAs[at])) return layers;
    layersAs = as;
    const shrink = Math.min(1, LAYER_SIDE / Math.max(columns, rows));
    [layers.width, layers.height] = [Math.round(columns * shrink), Math.round(rows * shrink)];
    const context = layers.getContext('2d');
    if (context === null) return undefined;
    const { width, height } = layers;
    if (heat) for (const map of maps) context.drawImage(map.picture, 0, 0, width, height);
    for (const { outline, colour } of maps) {
      const path = new Path2D();
      path.addPath(outline, new DOMMatrix([width, 0, 0, height, 0, 0]));
      context.lineWidth = 2.5;
      context.strokeStyle = colour;
      context.stroke(path);
    }
    if (film === undefined) return layers;
    if (mask?.of !== film) mask = { of: film, picture: maskOf(film) };
    if (mask.picture !== undefined) {
      context.globalCompositeOperation = 'destination-in';
      context.drawImage(mask.picture, 0, 0, width, height);
    }
    return layers;
  };
}

function measures(context: CanvasRenderingContext2D, scene: Scene): void {
  context.font = '14px system-ui, sans-serif';
  context.lineWidth = 1.5;
  for (const measure of scene.measures) {
    const points = measure.points.map((point) => toScreen(scene.placement, point));
    const last = points.at(-1);
    if (last === undefined) continue;
    context.strokeStyle = '#ffd866';
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    context.stroke();
    const text = measureText(inPixels(measure, scene.film?.pixelAspect), scene.film?.spacing);
    context.fillStyle = 'rgb(0 0 0 / 70%)';
    context.fillRect(last.x + 6, last.y - 16, context.measureText(text).width + 8, 20);
    context.fillStyle = '#ffd866';
    context.fillText(text, last.x + 10, last.y);
  }
}

export function openFilmCanvas(canvas: HTMLCanvasElement): FilmCanvas {
  const painted = document.createElement('canvas');
  let paintedAs: readonly unknown[] = [];
  let waiting: Scene | undefined;
  let frame = 0;
  const mapsOf = openMapLayers();

  function picture(scene: Scene): CanvasImageSource | undefined {
    if (scene.film === undefined) return scene.preview;
    const as = [scene.film, scene.window, scene.negative];
    if (as.some((part, at) => part !== paintedAs[at])) paintFilm(painted, scene);
    paintedAs = as;
    return painted;
  }

  function lay(context: CanvasRenderingContext2D, scene: Scene): void {
    const { columns, rows, placement } = scene;
    const source = picture(scene);
    if (source === undefined) return;
    context.imageSmoothingEnabled = placement.scale < 3;
    context.imageSmoothingQuality = 'high';
    if (scene.film === undefined && scene.negative) context.filter = 'invert(1)';
    context.drawImage(source, -columns / 2, -rows / 2, columns, rows);
    context.filter = 'none';
    context.imageSmoothingEnabled = true;
    const overlay = mapsOf(scene);
    if (overlay === undefined) return;
    context.globalAlpha = scene.opacity;
    context.drawImage(overlay, -columns / 2, -rows / 2, columns, rows);
    context.globalAlpha = 1;
  }

  function magnify(context: CanvasRenderingContext2D, scene: Scene, at: Point): void {
    const [a, b, c, d, e, f] = matrixOf(scene.placement);
    context.save();
    context.beginPath();
    context.arc(at.x, at.y, MAGNIFIER_RADIUS, 0, 2 * Math.PI);
    context.fillStyle = '#000';
    context.fill();
    context.strokeStyle = '#f2b84b';
    context.stroke();
    context.clip();
    context.translate(at.x, at.y);
    context.scale(MAGNIFIED, MAGNIFIED);
    context.translate(-at.x, -at.y);
    context.transform(a, b, c, d, e, f);
    lay(context, scene);
    context.restore();
  }

  function now(scene: Scene): void {
    const ratio = devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio, 0, 0, ratio, canvas.width / 2, canvas.height / 2);
    context.save();
    context.transform(...matrixOf(scene.placement));
    lay(context, scene);
    context.restore();
    measures(context, scene);
    if (scene.magnifier !== undefined) magnify(context, scene, scene.magnifier);
  }

  return {
    draw(scene) {
      waiting = scene;
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        if (waiting !== undefined) now(waiting);
      });
    },
    close() {
      cancelAnimationFrame(frame);
    },
  };
}

/** The value under a point of the screen, in the units of window and level. */
export function valueAt({ film, placement }: Scene, at: Point): number | undefined {
  if (film === undefined) return undefined;
  const { x, y } = toFilm(placement, at);
  const [column, row] = [Math.floor(x + film.columns / 2), Math.floor(y / film.pixelAspect + film.rows / 2)];
  if (column < 0 || row < 0 || column >= film.columns || row >= film.rows) return undefined;
  const code = film.codes[row * film.columns + column] ?? 0;
  return code === 0 ? undefined : (code - 1 + film.first) * film.slope + film.intercept;
}
