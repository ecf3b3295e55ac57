import { expect, test } from 'vitest';
import { coveredShare, curveFigures, hits, pointingFigures } from '#research/analysis/pointing.ts';

const box = { file: 'a', finding: 'Mass', x: 0.5, y: 0.5, width: 0.2, height: 0.4, source: 'nih' };
const film = { patientId: 'p', source: 'nih', finding: 'Mass', boxes: [box] };

test('a point on the edge of a box is in it, one beside it is not', () => {
  expect(hits({ ...film, x: 0.7, y: 0.9 })).toBe(true);
  expect(hits({ ...film, x: 0.71, y: 0.9 })).toBe(false);
});

test('any of several boxes will do', () => {
  const second = { ...box, x: 0, y: 0, width: 0.1, height: 0.1 };
  expect(hits({ ...film, boxes: [box, second], x: 0.05, y: 0.05 })).toBe(true);
});

test('chance is the covered share, overlaps once', () => {
  // 0.2 × 0.4 = 0.08, and the same box again adds nothing
  expect(coveredShare([box, box])).toBeCloseTo(0.08, 2);
});

test('a share of hits per source and head, with an interval', () => {
  const pointed = Array.from({ length: 20 }, (_, i) => ({
    ...film,
    patientId: `p${i}`,
    x: i < 15 ? 0.6 : 0.1,
    y: 0.6,
  }));
  const [row] = pointingFigures(pointed);
  expect(row).toMatchObject({ source: 'nih', finding: 'Mass', metric: 'pointing-game', value: 0.75, n: 20 });
  expect(row?.lower).toBeLessThan(0.75);
  expect(row?.upper).toBeGreaterThan(0.75);
});

test('fewer films than an interval needs give no figure, and say so', () => {
  const [row] = curveFigures([{ patientId: 'p', finding: 'Mass', deletion: 0.1, insertion: 0.9 }]);
  expect(row).toMatchObject({ value: null, note: 'too few: 1 films' });
});
