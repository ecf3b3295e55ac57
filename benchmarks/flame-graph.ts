// A flame graph (SVG) of a profile that V8 wrote (`--cpu-prof`): who called whom, as wide as the time that was spent. Small enough to be kept beside
// the results: what is narrower than a five-hundredth is left out.

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** The subset of a `.cpuprofile` that is drawn. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface Flame {
  readonly name: string;
  readonly origin: 'ours' | 'library' | 'runtime';
  /** With all that it called. */
  microseconds: number;
  readonly calls: Map<string, Flame>;
}

const WIDTH = 1200;
const ROW = 17;
const NARROWEST = 1 / 500;
const CHARACTER = 6.6;
const COLOURS: Readonly<Record<Flame['origin'], string>> = { ours: '#f0a35e', library: '#8db7d8', runtime: '#c9c9c9' };

/** V8's names for a thread that waits; the collector is work. */
const WAITS: ReadonlySet<string> = new Set(['(idle)', '(program)']);

function flameOf({ functionName, url, lineNumber }: CallFrame): Flame {
  const library = url.split('/node_modules/').at(-1);
  const inLibrary = library !== url;
  const ours = /\/((?:src|datasets|benchmarks)\/.*)$/.exec(url)?.[1];
  const origin = inLibrary ? 'library' : ours === undefined ? 'runtime' : 'ours';
  const place = (inLibrary ? library : ours) ?? url;
  const name = `${functionName === '' ? '(anonymous)' : functionName}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
  return { name, origin, microseconds: 0, calls: new Map() };
}

/** Calls of one function by one caller are one flame. The root is all time in which the thread worked. */
export function flamesOf({ nodes, samples, timeDeltas }: CpuProfile): Flame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const spent = new Map<number, number>();
  for (const [at, id] of samples.entries()) spent.set(id, (spent.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  const root: Flame = { name: 'all', origin: 'runtime', microseconds: 0, calls: new Map() };
  for (const [id, microseconds] of spent) {
    const stack: CallFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const node = byId.get(at);
      if (node !== undefined && node.callFrame.functionName !== '(root)') stack.unshift(node.callFrame);
    }
    if (stack.some(({ functionName }) => WAITS.has(functionName))) continue;
    let flame = root;
    flame.microseconds += microseconds;
    for (const frame of stack) {
      const made = flameOf(frame);
      const called = flame.calls.get(made.name) ?? made;
      flame.calls.set(made.name, called);
      called.microseconds += microseconds;
      flame = called;
    }
  }
  return root;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `title` stands above it. Callers are above what they called; point at a flame for its share. */
export function flameGraph(root: Flame, title: string): string {
  const boxes: string[] = [];
  let deepest = 0;
  const draw = (flame: Flame, left: number, depth: number): void => {
    const share = flame.microseconds / root.microseconds;
    if (!(share >= NARROWEST)) return;
    deepest = Math.max(deepest, depth);
    const width = share * WIDTH;
    const label = flame.name.slice(0, Math.floor(width / CHARACTER));
    const [x, y] = [left.toFixed(1), (depth + 2) * ROW];
    boxes.push(
      `<g><title>${escaped(flame.name)} ${(100 * share).toFixed(1)} %</title>` +
        `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${COLOURS[flame.origin]}"/>` +
        `${label.length > 3 ? `<text x="${x}" y="${y + ROW - 5}">${escaped(label)}</text>` : ''}</g>`,
    );
    let at = left;
    for (const called of [...flame.calls.values()].toSorted((a, b) => b.microseconds - a.microseconds)) {
      draw(called, at, depth + 1);
      at += (called.microseconds / root.microseconds) * WIDTH;
    }
  };
  draw(root, 0, 0);
  const height = (deepest + 4) * ROW;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">\n` +
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>\n` +
    `<text x="4" y="${ROW}">${escaped(title)} (orange: ours, blue: libraries, grey: Node and V8)</text>\n${boxes.join('\n')}\n</svg>\n`
  );
}
