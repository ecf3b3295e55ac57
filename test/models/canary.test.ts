// A share of the studies, the same study always on the same side.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canarySchema, isOfCanary, placeOf } from '#models/canary.ts';

const uid = fc
  .array(fc.integer({ min: 0, max: 4_294_967_295 }), { minLength: 3, maxLength: 8 })
  .map((arcs) => `1.2.${arcs.join('.')}`);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a study stands where it stands, and a larger share keeps the studies of a smaller one', () => {
  fc.assert(
    fc.property(uid, share, share, (study, one, other) => {
      expect(placeOf(study)).toBe(placeOf(study));
      expect(placeOf(study)).toBeGreaterThanOrEqual(0);
      expect(placeOf(study)).toBeLessThan(1);
      const [smaller, larger] = [Math.min(one, other), Math.max(one, other)];
      expect(isOfCanary(study, { share: smaller }) && !isOfCanary(study, { share: larger })).toBe(false);
      expect(isOfCanary(study, { share: 0 })).toBe(false);
      expect(isOfCanary(study, { share: 1 })).toBe(true);
    }),
  );
});

test.each([0.01, 0.1, 0.5, 0.9])(
  'of 20,000 studies of one archive, whose UIDs differ in their last digits, a share of %d goes to the new version',
  (wanted) => {
    const studies = Array.from({ length: 20_000 }, (_, i) => `1.2.840.113619.2.55.3.604688119.${971_000 + i}`);
    const got = studies.filter((study) => isOfCanary(study, { share: wanted })).length / studies.length;
    // Five standard deviations of a fair draw.
    expect(Math.abs(got - wanted)).toBeLessThan(5 * Math.sqrt((wanted * (1 - wanted)) / studies.length));
  },
);

test.each([{ share: 1.5 }, { share: -0.1 }, { version: 'v5' }, { extra: 1 }])(
  'a setting that makes no sense is refused: %j',
  (wrong) => {
    expect(canarySchema.safeParse({ model: 'cxr-findings', version: '5', share: 0.1, ...wrong }).success).toBe(false);
    expect(canarySchema.safeParse({ model: 'cxr-findings', version: '5', share: 0.1 }).success).toBe(true);
  },
);
