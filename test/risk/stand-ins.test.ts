import type { RiskItem } from '#risk/person/risk-item.ts';
import { expect, test } from 'vitest';
import { withoutStandInAlerts, withoutStandIns } from '#risk/person/stand-ins.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from '../store/samples.ts';

const both = (text: string) => ({ vi: text, en: text });
const LAB = 'who_cvd_2019_lab_sea';
const NONLAB = 'who_cvd_2019_nonlab_sea';

const flag = (equationId: string) => ({
  facilityId: 'local',
  sourceId: equationId,
  equationId,
  title: both('10-year cardiovascular risk'),
  result: both('20 %'),
  contributions: [],
  limitations: [],
  provenance: sampleProvenance(),
});
const assessed = (id: string): RiskItem => ({ kind: 'assessed', flag: flag(id) });
const interval = (id: string, missing: number): RiskItem => ({
  kind: 'interval',
  range: both('between 15 and 25 %'),
  lower: flag(id),
  upper: flag(id),
  missing: Array.from({ length: missing }, (_, place) => both(String(place))),
});
const refused = (id: string): RiskItem => ({ kind: 'not-assessed', equationId: id, title: both(id), reasons: [] });

test.each<[string, RiskItem, RiskItem, string]>([
  ['both certain', assessed(LAB), assessed(NONLAB), LAB],
  ['cholesterol is missing', interval(LAB, 1), assessed(NONLAB), NONLAB],
  ['less is missing without the laboratory', interval(LAB, 2), interval(NONLAB, 1), NONLAB],
  ['as much is missing', interval(LAB, 1), interval(NONLAB, 1), LAB],
  ['neither holds', refused(LAB), refused(NONLAB), LAB],
])('one of the two WHO charts is told: %s', (_what, lab, nonlab, told) => {
  const other = assessed('apcs');
  const expected = told === LAB ? [lab, other] : [nonlab, other];
  expect(withoutStandIns([nonlab, lab, other])).toEqual(expected);
  expect(withoutStandIns([nonlab, other])).toEqual([nonlab, other]);
});

test('of two alerts of the two charts the newer is shown, the laboratory one of one moment', () => {
  const alert = (equationId: string, createdAt: string) =>
    sampleAlert(sampleReading(sampleInstance()), {
      id: `${equationId} ${createdAt}`,
      dedupKey: `risk/${equationId}:patient:p1:${equationId}`,
      createdAt,
    });
  const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
  const shown = (...alerts: ReturnType<typeof alert>[]) => withoutStandInAlerts(alerts).map(({ id }) => id);
  expect(shown(alert(LAB, early), alert(NONLAB, early))).toEqual([`${LAB} ${early}`]);
  expect(shown(alert(LAB, early), alert(NONLAB, late))).toEqual([`${NONLAB} ${late}`]);
  expect(shown(alert(NONLAB, late))).toEqual([`${NONLAB} ${late}`]);
});
