// The three plots of a question: ROC curve, calibration with its band, decision curve.
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { Analysis } from '#research/analysis/analysis.ts';
import { type Line, type Plot, svgPlot } from './svg.ts';

export const PLOT_KINDS = ['roc', 'calibration', 'decision-curve'] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];

/** Told apart in print and by readers who do not see colours alike (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const;
const GRAY = '#777';

export interface Plotted {
  /** Name in the legend. */
  readonly label: string;
  readonly analysis: Analysis;
}

const diagonal = (label: string): Line => ({
  label,
  points: [
    [0, 0],
    [1, 1],
  ],
  colour: GRAY,
  dashed: true,
});

/** Several models, or several findings, in one frame. */
function plotOf(kind: PlotKind, shown: readonly Plotted[], language: Language): Plot {
  const words = (key: string): string => say(language, `report.${key}`);
  const colour = (at: number): string => COLOURS[at % COLOURS.length] ?? GRAY;
  const unit = [0, 1] as const;
  switch (kind) {
    case 'roc':
      return {
        title: words('roc'),
        xLabel: words('false-positive-rate'),
        yLabel: words('sensitivity'),
        x: unit,
        y: unit,
        lines: [
          diagonal('0.5'),
          ...shown.map(({ label, analysis }, at) => ({ label, points: analysis.roc, colour: colour(at) })),
        ],
      };
    case 'calibration':
      return {
        title: words('calibration'),
        xLabel: words('predicted'),
        yLabel: words('observed'),
        x: unit,
        y: unit,
        bands: shown.map(({ analysis }, at) => ({
          points: analysis.calibrationCurve.map(({ predicted, lower, upper }) => [predicted, lower, upper]),
          colour: colour(at),
        })),
        lines: [
          diagonal(words('ideal')),
          ...shown.map(({ label, analysis }, at) => ({
            label,
            points: analysis.calibrationCurve.map(({ predicted, observed }) => [predicted, observed] as const),
            colour: colour(at),
          })),
        ],
      };
    case 'decision-curve': {
      const [first] = shown;
      const points = (analysis: Analysis) =>
        analysis.decisionCurve.map(({ threshold, netBenefit }) => [threshold, netBenefit] as const);
      const all = first?.analysis.decisionCurve.map(({ threshold, treatAll }) => [threshold, treatAll] as const) ?? [];
      const top = Math.max(0.01, ...shown.flatMap(({ analysis }) => points(analysis).map(([, benefit]) => benefit)));
      return {
        title: words('decision-curve'),
        xLabel: words('threshold'),
        yLabel: words('net-benefit'),
        x: [0, 0.5],
        // Room above for the names.
        y: [-0.2 * top, 1.6 * top],
        legend: 'top',
        lines: [
          {
            label: words('treat-none'),
            points: [
              [0, 0],
              [0.5, 0],
            ],
            colour: GRAY,
          },
          { label: words('treat-all'), points: all, colour: GRAY, dashed: true },
          ...shown.map(({ label, analysis }, at) => ({ label, points: points(analysis), colour: colour(at) })),
        ],
      };
    }
    default:
      return kind satisfies never;
  }
}

export const plotSvg = (kind: PlotKind, shown: readonly Plotted[], language: Language): string =>
  svgPlot(plotOf(kind, shown, language));
