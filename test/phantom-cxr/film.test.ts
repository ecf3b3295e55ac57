// The drawn films: the same seed gives the same film, disease lies where its mask says, and organs have the right tone.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drawChest, type ChestFilm } from '#phantom-cxr/chest.ts';
import { boxOf } from '#phantom-cxr/generate.ts';
import { FINDINGS } from '#phantom-cxr/lesions.ts';
import { drawOther, OTHER_KINDS } from '#phantom-cxr/others.ts';
import { columnOf, rowOf } from '#phantom-cxr/plane.ts';
import { toBytes } from '#phantom-cxr/png.ts';
import { drawSubject } from '#phantom-cxr/subject.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** Mean gray in a square of 1 cm half-width (reference centimetres) around a point of the anatomy. */
function toneAt({ plane, gray }: ChestFilm, x: number, y: number): number {
  let [sum, count] = [0, 0];
  for (let dy = -1; dy <= 1; dy += 0.25) {
    for (let dx = -1; dx <= 1; dx += 0.25) {
      const [column, row] = [Math.floor(columnOf(plane, x + dx, y + dy)), Math.floor(rowOf(plane, x + dx, y + dy))];
      sum += gray[row * plane.width + column] ?? Number.NaN;
      count++;
    }
  }
  return sum / count;
}

function meanOver(gray: Float32Array, mask: Uint8Array, wanted: 0 | 1): number {
  let [sum, count] = [0, 0];
  for (const [i, value] of gray.entries()) {
    if (mask[i] !== wanted) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

describe('a film', () => {
  test('is the same for the same seed, and another for another seed', () => {
    const [one, again, other] = [5, 5, 6].map((seed) => toBytes(drawChest(seed, { size: 128 }).gray));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });

  test('gives the bytes that dataset.json pins', () => {
    const schema = z.object({
      checks: z.array(z.object({ seed: z.number(), size: z.number(), sha256: z.string() })).min(1),
    });
    const { checks } = schema.parse(JSON.parse(readFileSync('datasets/phantom-cxr/dataset.json', 'utf8')));
    for (const check of checks) {
      expect(sha256(toBytes(drawChest(check.seed, { size: check.size }).gray))).toBe(check.sha256);
    }
  });

  test('holds only numbers from 0 to 1, whoever is drawn', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { gray, plane } = drawChest(seed, { size: 64 });
        expect(gray.length).toBe(plane.width * plane.height);
        expect(gray.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('shows lung dark, heart bright, belly bright', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const film = drawChest(seed, { size: 256, view: 'PA', ageBand: 'adult', findings: [] });
      const lung = (toneAt(film, -7.5, 1) + toneAt(film, 8, 1)) / 2;
      expect(toneAt(film, 2, 8)).toBeGreaterThan(lung + 0.2);
      expect(toneAt(film, -6, film.subject.domeRight + 4)).toBeGreaterThan(lung + 0.2);
    }
  });

  test('of a second visit shows the same person on another film', () => {
    const [first, second] = [0, 1].map((visit) => drawChest(9, { size: 96, findings: [], visit }));
    expect(second?.subject).toEqual(first?.subject);
    expect(second?.gray).not.toEqual(first?.gray);
  });
});

describe('a person', () => {
  test('keeps to the band, sex and view that were asked for', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('child', 'adult', 'old'), fc.constantFrom('M', 'F'), (seed, ageBand, sex) => {
        const subject = drawSubject(seed, { ageBand, sex, view: 'AP' });
        const [from, to] = { child: [1, 12], adult: [18, 62], old: [63, 92] }[ageBand] ?? [];
        expect(subject.ageYears).toBeGreaterThanOrEqual(from ?? Number.NaN);
        expect(subject.ageYears).toBeLessThanOrEqual(to ?? Number.NaN);
        expect([subject.sex, subject.view]).toEqual([sex, 'AP']);
      }),
    );
  });
});

describe('a lesion', () => {
  test.each(FINDINGS)('%s lies on the film, inside it, wherever it falls', (finding) => {
    for (let seed = 1; seed <= 15; seed++) {
      const { lesions, plane } = drawChest(seed, { size: 160, findings: [finding] });
      expect(lesions.map((lesion) => lesion.finding)).toEqual([finding]);
      const box = boxOf(lesions[0]?.mask ?? new Uint8Array(), plane.width, plane.height);
      expect(box).toBeDefined();
      const [x, y, w, h] = box ?? [0, 0, 0, 0];
      expect(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 1 && y + h <= 1).toBe(true);
    }
  });

  test.each(FINDINGS)('%s changes the tone under its mask more than elsewhere', (finding) => {
    for (const seed of [3, 12, 21, 30]) {
      const options = { size: 200, ageBand: 'adult', view: 'PA' } as const;
      const ill = drawChest(seed, { ...options, findings: [finding] });
      const well = drawChest(seed, { ...options, findings: [] });
      const mask = ill.lesions[0]?.mask ?? new Uint8Array();
      // The display curve is fitted per film, so the change elsewhere is taken off.
      const inside = meanOver(ill.gray, mask, 1) - meanOver(well.gray, mask, 1);
      const outside = meanOver(ill.gray, mask, 0) - meanOver(well.gray, mask, 0);
      // Free air is darker than lung; everything else is brighter.
      const sign = finding === 'Pneumothorax' ? -1 : 1;
      expect(sign * (inside - outside)).toBeGreaterThan(0.01);
    }
  });

  test('of the heart makes it wider than half the chest', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const film = drawChest(seed, { size: 200, ageBand: 'adult', view: 'PA', findings: ['Cardiomegaly'] });
      const box = boxOf(film.lesions[0]?.mask ?? new Uint8Array(), film.plane.width, film.plane.height);
      // Cardiothoracic ratio: heart's width in reference centimetres against the inner width of the thorax.
      const heart = ((box?.[2] ?? 0) * film.plane.width) / film.plane.kx;
      expect(heart / (2 * film.subject.halfWidth)).toBeGreaterThan(0.5);
    }
  });
});

describe('a film of another part', () => {
  test.each(OTHER_KINDS)('%s is the same for the same seed and holds only numbers from 0 to 1', (kind) => {
    for (const seed of [1, 2, 3]) {
      const film = drawOther(seed, kind, 96);
      expect(film.gray.length).toBe(film.width * film.height);
      expect(film.gray.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(drawOther(seed, kind, 96).gray).toEqual(film.gray);
    }
  });
});
