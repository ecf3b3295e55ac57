// Worked examples that the publications print, so that a clone alone holds the equations to something outside of this program.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { NOW, PREVENT_WOMAN } from './service.ts';

let room: RiskRoom;
beforeAll(async () => {
  room = createRiskRoom(await openRiskLibrary('models'));
});
afterAll(() => room.library.close());

const score2 = { smoker: true, sbp: 140, diabetes: false, region: 'low' };
const pce = { age: 55, total_cholesterol: 213, hdl: 50, sbp: 120, bp_treated: false, smoker: false, diabetes: false };
const asiaPacific = {
  age: 50,
  sex: 'male',
  smoker: false,
  sbp: 140,
  total_cholesterol: 5.5,
  hdl: 1.3,
  diabetes: false,
};
interface Example {
  readonly equation: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly output: string;
  readonly expected: number;
  /** Half of the last digit that is printed. */
  readonly within: number;
}

const EXAMPLES: readonly Example[] = [
  {
    equation: 'score2',
    source: 'Eur Heart J 2021;42:2439, man',
    inputs: { ...score2, age: 50, sex: 'male', total_cholesterol: 6.3, hdl: 1.4 },
    output: 'risk',
    expected: 6.31,
    within: 0.006,
  },
  {
    equation: 'score2',
    source: 'Eur Heart J 2021;42:2439, woman',
    inputs: { ...score2, age: 50, sex: 'female', total_cholesterol: 6.3, hdl: 1.4 },
    output: 'risk',
    expected: 4.33,
    within: 0.006,
  },
  {
    equation: 'score2_op',
    source: 'Eur Heart J 2021;42:2455, man',
    inputs: { ...score2, age: 75, sex: 'male', total_cholesterol: 5.5, hdl: 1.3 },
    output: 'risk',
    expected: 18.56,
    within: 0.006,
  },
  {
    equation: 'score2_asia_pacific',
    source: 'Eur Heart J 2025, abstract, low risk',
    inputs: { ...asiaPacific, region: 'low' },
    output: 'risk',
    expected: 7,
    within: 0.5,
  },
  {
    equation: 'score2_asia_pacific',
    source: 'Eur Heart J 2025, abstract, very high risk',
    inputs: { ...asiaPacific, region: 'very_high' },
    output: 'risk',
    expected: 14,
    within: 0.5,
  },
  {
    equation: 'ascvd_pce_2013',
    source: 'Circulation 2014;129:S49, White woman',
    inputs: { ...pce, sex: 'female', race: 'white' },
    output: 'risk',
    expected: 0.021,
    within: 0.0006,
  },
  {
    equation: 'ascvd_pce_2013',
    source: 'Circulation 2014;129:S49, African-American man',
    inputs: { ...pce, sex: 'male', race: 'black' },
    output: 'risk',
    expected: 0.061,
    within: 0.0006,
  },
  {
    equation: 'framingham_cvd_2008',
    source: 'Circulation 2008;117:743, woman of 61',
    inputs: {
      age: 61,
      sex: 'female',
      total_cholesterol: 180,
      hdl: 47,
      sbp: 124,
      bp_treated: false,
      smoker: true,
      diabetes: false,
    },
    output: 'lipid',
    expected: 0.1048,
    within: 0.00006,
  },
  {
    equation: 'aha_prevent_2023',
    source: 'Circulation 2024;149:430, total CVD',
    inputs: PREVENT_WOMAN,
    output: 'cvd_10y',
    expected: 0.147,
    within: 0.0005,
  },
  {
    equation: 'aha_prevent_2023',
    source: 'Circulation 2024;149:430, heart failure',
    inputs: PREVENT_WOMAN,
    output: 'hf_10y',
    expected: 0.081,
    within: 0.0005,
  },
];

test.each(EXAMPLES)('$equation: $source', async ({ equation, inputs, output, expected, within }) => {
  const { results } = await room.assessPatient({
    equations: [equation],
    inputs,
    measurements: [],
    explain: false,
    whatIf: [],
    asOf: NOW,
  });
  const value = results[0]?.outputs.find(({ name }) => name === output)?.value ?? Number.NaN;
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(within);
});
