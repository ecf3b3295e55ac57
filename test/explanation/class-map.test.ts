import { describe, expect, test } from 'vitest';
import { classMap, peak, rasterise, sampleAt } from '#explanation/class-map.ts';
import { heatmapPng, heatmapRgba, overlayRgba } from '#explanation/heatmap.ts';
import { colourOf } from '#explanation/scale.ts';
import { decodePng } from '../fixtures/png.ts';

/** A film of 4000 × 2000, squeezed to 16 × 16 for the model, which draws maps of 4 × 2. */
const trace = {
  sourceColumns: 4000,
  sourceRows: 2000,
  columns: 16,
  rows: 16,
  scaleX: 250,
  scaleY: 125,
  offsetX: 0,
  offsetY: 0,
};
const maps = {
  shape: [1, 2, 2, 4],
  data: Float32Array.of(9, 9, 9, 9, 9, 9, 9, 9, 0, 1, 2, 3, 4, 5, 6, 9),
};
const map = classMap(maps, 1, trace);

describe('a class map', () => {
  test('is the plane of its head', () => {
    expect(map).toMatchObject({ columns: 4, rows: 2 });
    expect([...map.values]).toEqual([0, 1, 2, 3, 4, 5, 6, 9]);
  });

  test('lies on the film: each cell is 1000 × 1000 pixels of it, and its value holds in its middle', () => {
    expect(sampleAt(map, { x: 500, y: 500 })).toBe(0);
    expect(sampleAt(map, { x: 3500, y: 1500 })).toBe(9);
    // Half way between the cells 0, 1, 4 and 5: (0 + 1 + 4 + 5) / 4
    expect(sampleAt(map, { x: 1000, y: 1000 })).toBe(2.5);
    // Beyond the outermost middle nothing is extrapolated.
    expect(sampleAt(map, { x: 0, y: 0 })).toBe(0);
  });

  test('points to its strongest cell in pixels of the film', () => {
    expect(peak(map)).toEqual({ x: 3500, y: 1500 });
  });

  test('as a picture of its own size is itself', () => {
    expect([...rasterise(map, 4, 2)]).toEqual([...map.values]);
  });

  test('of another item of the batch, of no head, or with broken values, is told apart', () => {
    const batch = { shape: [2, 1, 1, 1], data: Float32Array.of(3, 4) };
    expect([...classMap(batch, 0, trace, 1).values]).toEqual([4]);
    expect(() => classMap(maps, 2, trace)).toThrow('explanation.bad-maps');
    expect(() => classMap({ shape: [1, 1, 1, 1], data: Float32Array.of(Number.NaN) }, 0, trace)).toThrow('bad-maps');
    expect(() => classMap({ shape: [1, 1, 2, 2], data: new Float32Array(3) }, 0, trace)).toThrow('bad-maps');
  });
});

describe('a heatmap', () => {
  test('is clear up to the median and strongest at the peak', () => {
    // median of 0 1 2 3 4 5 6 9 is 3.5; the peak is 9; 6 becomes (6 - 3.5) / 5.5 = 0.4545…, squared times 0.6 × 255 = 31.6
    const { rgba } = heatmapRgba(map, { columns: 4, rows: 2 });
    const alphas = [...rgba].filter((_, i) => i % 4 === 3);
    expect(alphas.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(alphas[6]).toBe(32);
    expect(alphas[7]).toBe(153);
  });

  test('of a flat map shows nothing', () => {
    const flat = classMap(maps, 0, trace);
    expect(Math.max(...heatmapRgba(flat, { columns: 8, rows: 4 }).rgba.filter((_, i) => i % 4 === 3))).toBe(0);
  });

  test('is a PNG of the size asked for', async () => {
    const { columns, rows, rgba } = await decodePng(await heatmapPng(map, { columns: 40, rows: 20 }));
    expect([columns, rows]).toEqual([40, 20]);
    expect([...rgba]).toEqual([...heatmapRgba(map, { columns: 40, rows: 20 }).rgba]);
  });

  test('over a film leaves it as it is where there is no evidence, and is opaque', () => {
    const film = { columns: 4, rows: 2, values: new Float32Array(8).fill(0.4) };
    const { rgba } = overlayRgba(film, map);
    expect(rgba.slice(0, 4)).toEqual(Uint8ClampedArray.of(102, 102, 102, 255));
    // At the peak 0.6 of the colour and 0.4 of the film.
    const [red] = colourOf(1);
    expect(rgba[28]).toBe(Math.round(102 + (red - 102) * 0.6));
  });
});

describe('the colours', () => {
  const linear = (byte: number): number => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const steps = Array.from({ length: 256 }, (_, i) => colourOf(i / 255));

  test('grow lighter with every few steps, so that a gray print keeps the order', () => {
    const luminance = steps.map(([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b));
    for (let i = 4; i < 256; i += 4) expect(luminance[i]).toBeGreaterThan(luminance[i - 4] ?? 1);
  });

  test('stay apart for readers who cannot tell red from green', () => {
    // Machado, Oliveira, Fernandes 2009, severity 1.0: deuteranomaly and protanomaly, on linear light.
    const simulations = [
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
      [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    ];
    for (const m of simulations) {
      const seen = steps.map(([r, g, b]) => {
        const light = [linear(r), linear(g), linear(b)];
        return [0, 1, 2].map((row) => light.reduce((sum, value, i) => sum + value * (m[row * 3 + i] ?? 0), 0));
      });
      for (let i = 32; i < 256; i += 32) {
        const gap = Math.hypot(...[0, 1, 2].map((c) => (seen[i]?.[c] ?? 0) - (seen[i - 32]?.[c] ?? 0)));
        expect(gap).toBeGreaterThan(0.02);
      }
    }
  });
});
