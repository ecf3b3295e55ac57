// Hands on the film: one finger or button does what the chosen tool does, two fingers zoom and move, the wheel zooms where it points.
import type { Point } from './placement.ts';

export const TOOLS = ['window', 'pan', 'distance', 'angle', 'magnifier'] as const;
export type Tool = (typeof TOOLS)[number];

export interface Hands {
  tool(): Tool;
  window(change: Point): void;
  pan(change: Point): void;
  zoom(factor: number, at: Point): void;
  measure(from: Point, to: Point, done: 'moving' | 'ended'): void;
  angle(from: Point, to: Point, done: 'moving' | 'ended'): void;
  magnify(at: Point | undefined): void;
  point(at: Point): void;
}

const WHEEL_STEP = 400;

export function holdFilm(canvas: HTMLCanvasElement, hands: Hands): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const down = new Map<number, Point>();
  let started: Point | undefined;
  let doing: Tool | undefined;

  const at = (event: { readonly clientX: number; readonly clientY: number }): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  };

  function toolFor(event: PointerEvent): Tool {
    if (event.button === 1 || event.button === 2 || event.shiftKey) return 'pan';
    // A finger that rests on the film moves it; windowing by touch has its own button.
    return event.pointerType === 'touch' && hands.tool() === 'window' ? 'pan' : hands.tool();
  }

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      canvas.setPointerCapture(event.pointerId);
      down.set(event.pointerId, at(event));
      doing = down.size > 1 ? undefined : toolFor(event);
      started = at(event);
      if (doing === 'magnifier') hands.magnify(started);
    },
    { signal },
  );

  function pinch(id: number, to: Point): void {
    const [one, other] = [...down.entries()];
    if (one === undefined || other === undefined) return;
    const [still, from] = one[0] === id ? [other[1], one[1]] : [one[1], other[1]];
    const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - still.x, point.y - still.y));
    const middle = (point: Point): Point => ({ x: (point.x + still.x) / 2, y: (point.y + still.y) / 2 });
    hands.zoom(apart(to) / apart(from), middle(to));
    hands.pan({ x: middle(to).x - middle(from).x, y: middle(to).y - middle(from).y });
  }

  canvas.addEventListener(
    'pointermove',
    (event) => {
      const to = at(event);
      hands.point(to);
      const from = down.get(event.pointerId);
      if (from === undefined) return;
      if (down.size > 1) pinch(event.pointerId, to);
      down.set(event.pointerId, to);
      const change = { x: to.x - from.x, y: to.y - from.y };
      if (doing === 'pan') hands.pan(change);
      if (doing === 'window') hands.window(change);
      if (doing === 'magnifier') hands.magnify(to);
      if (doing === 'distance' && started !== undefined) hands.measure(started, to, 'moving');
      if (doing === 'angle' && started !== undefined) hands.angle(started, to, 'moving');
    },
    { signal },
  );

  const release = (event: PointerEvent): void => {
    down.delete(event.pointerId);
    if (doing === 'distance' && started !== undefined) hands.measure(started, at(event), 'ended');
    if (doing === 'angle' && started !== undefined) hands.angle(started, at(event), 'ended');
    if (doing === 'magnifier') hands.magnify(undefined);
    doing = undefined;
  };
  canvas.addEventListener('pointerup', release, { signal });
  canvas.addEventListener('pointercancel', release, { signal });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      hands.zoom(Math.exp(-event.deltaY / WHEEL_STEP), at(event));
    },
    { signal, passive: false },
  );
  return () => ended.abort();
}
