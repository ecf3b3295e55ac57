// Invented measurements for a phantom person: a few visits with blood pressure, blood tests and vital signs, so that risks, their trend and the
// observation chart have something to show. The same person gives the same values.
import { hash32, random } from './random.ts';

export interface PhantomPerson {
  readonly id: string;
  readonly sex: 'male' | 'female';
  /** YYYY-MM-DD */
  readonly birthDate: string;
}

export interface Visit {
  readonly hoursAgo: number;
  /** Absent: all equations that apply. */
  readonly equations?: readonly string[];
  readonly measurements: readonly {
    readonly code: string;
    readonly value: number | boolean | string;
    readonly unit?: string;
  }[];
}

const DAY_H = 24;
const YEAR_H = 365 * DAY_H;
/** Visits at a clinic, the oldest first, and rounds on the ward. */
const CLINIC_HOURS_AGO = [2 * YEAR_H, YEAR_H, 20 * DAY_H];
const ROUND_HOURS_AGO = [24, 18, 12, 6, 1];
const CLINIC = ['who_cvd_2019_lab_sea', 'who_cvd_2019_nonlab_sea', 'ckd_epi_2021'];

const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

export function visitsOf({ id }: PhantomPerson): readonly Visit[] {
  const { between, chance } = random(hash32(id), 'visits');
  const pressure = between(118, 168);
  const cholesterol = between(4.2, 7.2);
  const mass = between(19, 30);
  const creatinine = between(60, 120);
  const [smokes, diabetes] = [chance(0.4), chance(0.3)];
  const drift = between(-0.04, 0.06);
  // How ill the person is on the ward: 0 well, 1 very ill; most get better or worse by round.
  const illness = between(0.1, 0.8);
  const course = between(-0.08, 0.1);
  const measuredLast = chance(0.6);
  const clinic = CLINIC_HOURS_AGO.map((hoursAgo, at): Visit => ({
    hoursAgo,
    equations: CLINIC,
    measurements: [
      { code: '8480-6', value: rounded(pressure * (1 + drift * at)), unit: 'mm[Hg]' },
      { code: '2093-3', value: rounded(cholesterol * (1 + drift * at), 1), unit: 'mmol/L' },
      { code: '39156-5', value: rounded(mass * (1 + (drift / 2) * at), 1), unit: 'kg/m2' },
      { code: '2160-0', value: rounded(creatinine * (1 + Math.abs(drift) * at)), unit: 'umol/L' },
      { code: 'smoker', value: smokes },
      { code: 'diabetes', value: diabetes },
      // Of some the last cholesterol was not measured: their risk is an interval.
    ].filter(({ code }) => code !== '2093-3' || at < CLINIC_HOURS_AGO.length - 1 || measuredLast),
  }));
  const rounds = ROUND_HOURS_AGO.map((hoursAgo, at): Visit => {
    const ill = Math.min(1, Math.max(0, illness + course * at + between(-0.05, 0.05)));
    return {
      hoursAgo,
      equations: ['news2'],
      measurements: [
        { code: '9279-1', value: rounded(15 + 11 * ill), unit: '/min' },
        { code: '59408-5', value: rounded(98 - 7 * ill), unit: '%' },
        { code: 'on_oxygen', value: ill > 0.75 },
        { code: 'spo2_scale2', value: false },
        { code: '8480-6', value: rounded(pressure - 25 * ill), unit: 'mm[Hg]' },
        { code: '8867-4', value: rounded(72 + 48 * ill), unit: '/min' },
        { code: 'consciousness', value: ill > 0.95 ? 'V' : 'A' },
        { code: '8310-5', value: rounded(36.7 + 2.2 * ill, 1), unit: 'Cel' },
      ],
    };
  });
  return [...clinic, ...rounds];
}
