import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resizePlane } from '#tensor/resize.ts';

/** gray(row, column) = 0.5 + 0.5 × sin(1.7 row + 0.9 column), 7 rows × 5 columns. */
const sine = {
  columns: 5,
  rows: 7,
  values: Float32Array.from({ length: 35 }, (_, i) => 0.5 + 0.5 * Math.sin(1.7 * Math.floor(i / 5) + 0.9 * (i % 5))),
};

// Printed by Pillow 13.0.0: Image.fromarray(sine, mode F).resize((columns, rows), Image.BILINEAR), nine digits each.
const PILLOW: readonly { columns: number; rows: number; values: readonly number[] }[] = [
  {
    columns: 3,
    rows: 4,
    values: [
      0.743869364, 0.632138073, 0.299521118, 0.347876221, 0.347114444, 0.601920366, 0.639380813, 0.662336171,
      0.413925916, 0.400478572, 0.260808706, 0.520977557,
    ],
  },
  {
    columns: 5,
    rows: 2,
    values: [
      0.559096813, 0.554444551, 0.508589685, 0.456234336, 0.436999977, 0.526388168, 0.471355259, 0.438000113,
      0.451565266, 0.501784861,
    ],
  },
  {
    columns: 2,
    rows: 7,
    values: [
      0.780603647, 0.645484984, 0.701719284, 0.144802153, 0.167415529, 0.446045548, 0.383984089, 0.869101346,
      0.862480462, 0.458841085, 0.522608638, 0.141504869, 0.131693497, 0.63353914,
    ],
  },
  {
    // Larger one way, smaller the other: the first row and the last of 8 × 11.
    columns: 8,
    rows: 11,
    values: [
      0.5, 0.671352744, 0.897617221, 0.95715493, 0.901538253, 0.730767012, 0.46903047, 0.27873978, 0.725378335,
      0.771497726, 0.821736336, 0.731159687, 0.596625626, 0.418134063, 0.282090187, 0.190160915, 0.939141214,
      0.831312239, 0.668157458, 0.42298317, 0.225014001, 0.0742498934, 0.111140698, 0.151559636, 0.542302966,
      0.408796102, 0.230504721, 0.164108023, 0.1849989, 0.293177336, 0.484792799, 0.625413179, 0.250361532, 0.209817663,
      0.168088704, 0.272077322, 0.417671949, 0.604872465, 0.739461064, 0.829581022, 0.0370926596, 0.178492486,
      0.38710022, 0.655179977, 0.854861081, 0.98614347, 0.904891491, 0.831484616, 0.488887936, 0.609080732, 0.76831615,
      0.815333784, 0.782217324, 0.668966711, 0.488609761, 0.357140541, 0.788562179, 0.821002841, 0.850190938,
      0.724976361, 0.561362505, 0.3593494, 0.225809127, 0.137656629, 0.885408342, 0.741370201, 0.532944202, 0.300603807,
      0.142892852, 0.0598114021, 0.167649969, 0.257986307, 0.490599424, 0.378507435, 0.230939075, 0.196438283,
      0.237807557, 0.355046898, 0.529000401, 0.655178905, 0.15006265, 0.0856018588, 0.0170355719, 0.160154223,
      0.366720945, 0.636735737, 0.837049425, 0.971847832,
    ],
  },
];

describe('resize', () => {
  test.each(PILLOW)(
    '$columns × $rows is what Pillow gives, to the last bit of float32',
    ({ columns, rows, values }) => {
      const { values: ours } = resizePlane(sine, columns, rows);
      // Nine digits name one float32, but the sine of JavaScript and of NumPy may differ in its last bit: 2^-23 of slack.
      expect(ours.length).toBe(values.length);
      ours.forEach((value, i) => expect(Math.abs(value - (values[i] ?? Number.NaN))).toBeLessThan(2 ** -23));
    },
  );

  test('halving averages with the weights 1 3 3 1 over 8', () => {
    // centre of output 1 is 3: inputs 1..4 lie at distance 1.5, 0.5, 0.5, 1.5, so the weights are (2 - 1.5) : (2 - 0.5) … = 1 : 3 : 3 : 1
    const plane = { columns: 6, rows: 1, values: Float32Array.of(0, 8, 16, 4, 24, 0) };
    expect(resizePlane(plane, 3, 1).values[1]).toBe((8 + 3 * 16 + 3 * 4 + 24) / 8);
  });

  const size = fc.integer({ min: 1, max: 40 });

  test('a constant stays that constant', () => {
    fc.assert(
      fc.property(size, size, size, size, (columns, rows, toColumns, toRows) => {
        const plane = { columns, rows, values: new Float32Array(columns * rows).fill(0.625) };
        for (const value of resizePlane(plane, toColumns, toRows).values) expect(value).toBeCloseTo(0.625, 6);
      }),
    );
  });

  test('the same size is the same plane', () => {
    fc.assert(
      fc.property(size, size, (columns, rows) => {
        const plane = { columns, rows, values: Float32Array.from({ length: columns * rows }, (_, i) => Math.sin(i)) };
        expect(resizePlane(plane, columns, rows)).toBe(plane);
      }),
    );
  });

  test('nothing leaves the range of the input, and a whole reduction keeps the mean away from the edges', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        size,
        size,
        (values, columns, rows) => {
          const plane = { columns: 4, rows: 3, values: Float32Array.from(values) };
          const low = Math.min(...plane.values) - 1e-6;
          const high = Math.max(...plane.values) + 1e-6;
          for (const value of resizePlane(plane, columns, rows).values) {
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        },
      ),
    );
    // A blot in the middle of 64 × 64 weighs as much in 16 × 16: sum × 16.
    const blot = { columns: 64, rows: 64, values: new Float32Array(64 * 64) };
    for (let row = 24; row < 40; row += 1) blot.values.fill(1, row * 64 + 24, row * 64 + 40);
    const sum = resizePlane(blot, 16, 16).values.reduce((total, value) => total + value, 0);
    expect(sum * 16).toBeCloseTo(16 * 16, 3);
  });
});
