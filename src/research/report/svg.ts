// Plots as SVG text without a library: a frame, ticks, lines and bands. A picture stands alone in a file or inside the report.

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface Band {
  /** [x, lower, upper] */
  readonly points: readonly (readonly [number, number, number])[];
  readonly colour: string;
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  /** Where the curves leave room for their names. */
  readonly legend?: 'top' | 'bottom';
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const [WIDTH, HEIGHT] = [356, 320];
const FRAME = { left: 52, right: 12, top: 28, bottom: 44 } as const;
const TICKS = 5;

const short = (value: number): string => String(Number(value.toFixed(2)));

export function svgPlot({ title, xLabel, yLabel, x, y, lines, bands = [], legend: place = 'bottom' }: Plot): string {
  const inner = { width: WIDTH - FRAME.left - FRAME.right, height: HEIGHT - FRAME.top - FRAME.bottom };
  const atX = (value: number): string => (FRAME.left + ((value - x[0]) / (x[1] - x[0])) * inner.width).toFixed(1);
  const atY = (value: number): string => (FRAME.top + (1 - (value - y[0]) / (y[1] - y[0])) * inner.height).toFixed(1);
  const legend = {
    x: WIDTH - 138,
    y: place === 'top' ? FRAME.top + 12 : FRAME.top + inner.height - 2 - 14 * lines.length,
  };
  const ticks = Array.from({ length: TICKS + 1 }, (_, at) => at / TICKS);
  const path = (points: readonly (readonly [number, number])[]): string =>
    points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${atX(px)} ${atY(py)}`).join('');
  const parts = [
    `<rect x="${FRAME.left}" y="${FRAME.top}" width="${inner.width}" height="${inner.height}" fill="none" stroke="#999"/>`,
    ...ticks.flatMap((share) => {
      const [vx, vy] = [x[0] + share * (x[1] - x[0]), y[0] + share * (y[1] - y[0])];
      return [
        `<text x="${atX(vx)}" y="${HEIGHT - FRAME.bottom + 15}" text-anchor="middle">${short(vx)}</text>`,
        `<text x="${FRAME.left - 6}" y="${Number(atY(vy)) + 4}" text-anchor="end">${short(vy)}</text>`,
        `<path d="M${FRAME.left} ${atY(vy)}H${WIDTH - FRAME.right}" stroke="#eee"/>`,
      ];
    }),
    // A line may leave the frame: it is cut there, not bent.
    `<svg x="${FRAME.left}" y="${FRAME.top}" width="${inner.width}" height="${inner.height}" viewBox="${FRAME.left} ${FRAME.top} ${inner.width} ${inner.height}">`,
    ...bands.map(({ points, colour }) => {
      const up = points.map(([px, , upper]) => [px, upper] as const);
      const down = points.map(([px, lower]) => [px, lower] as const).reverse();
      return `<path d="${path([...up, ...down])}Z" fill="${colour}" opacity="0.2"/>`;
    }),
    ...lines.map(
      ({ points, colour, dashed }) =>
        `<path d="${path(points)}" fill="none" stroke="${colour}" stroke-width="1.6"${dashed === true ? ' stroke-dasharray="4 3"' : ''}/>`,
    ),
    '</svg>',
    `<text x="${FRAME.left}" y="16" font-weight="bold">${escapeXml(title)}</text>`,
    `<text x="${FRAME.left + inner.width / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    `<text transform="translate(14 ${FRAME.top + inner.height / 2}) rotate(-90)" text-anchor="middle">${escapeXml(yLabel)}</text>`,
    ...lines.flatMap(({ label, colour, dashed }, at) => [
      `<path d="M${legend.x} ${legend.y + 14 * at}h16" stroke="${colour}" stroke-width="2"${dashed === true ? ' stroke-dasharray="4 3"' : ''}/>`,
      `<text x="${legend.x + 20}" y="${legend.y + 4 + 14 * at}">${escapeXml(label)}</text>`,
    ]),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="11"><title>${escapeXml(title)}</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>`;
}
