// The two equations as a programmer would write them for one person, in a plain loop: the yardstick for the graphs. Numbers come from equation.json.
import type { Columns } from '#risk/input/sample.ts';
import type { Equation } from '#risk/equation/equation.ts';

export type Loop = (columns: Columns, rows: number) => Float64Array;

const bandOf = (x: number, cuts: readonly number[]): number => {
  let band = 0;
  for (const cut of cuts) if (x >= cut) band += 1;
  return band;
};

/** Percent of the chart. */
export function whoLoop(equation: Equation): Loop {
  const { values } = equation.tables.get('chart')!;
  const cuts = (name: string): readonly number[] => equation.bands.get(name)!.cuts.map(({ at }) => at);
  const [ages, pressures, lipids] = [cuts('age_band'), cuts('sbp_band'), cuts('chol_band')];
  return (columns, rows) => {
    const { age, sex, diabetes, smoker, sbp, total_cholesterol: chol } = columns;
    const risks = new Float64Array(rows);
    for (let i = 0; i < rows; i += 1) {
      // sex, age, diabetes, smoker, pressure, cholesterol
      let cell = sex![i]! * 7 + bandOf(age![i]!, ages);
      cell = (cell * 2 + diabetes![i]!) * 2 + smoker![i]!;
      cell = (cell * 5 + bandOf(sbp![i]!, pressures)) * 5 + bandOf(chol![i]!, lipids);
      risks[i] = values[cell]!;
    }
    return risks;
  };
}

/** All ten outputs, rows × 10. */
export function preventLoop(equation: Equation): Loop {
  const steps = equation.steps.filter((step) => step.kind === 'linear');
  const order = [...new Set(steps.flatMap((step) => step.terms.map(({ of }) => of.text)))];
  const betas = steps.map((step) =>
    [0, 1].map((sex) => {
      const line = new Float64Array(order.length + 1);
      line[order.length] = step.intercepts[sex]!;
      for (const term of step.terms) line[order.indexOf(term.of.text)] = term.betas[sex]!;
      return line;
    }),
  );
  const TERMS = ['cage', 'cnon_hdl', 'chdl', 'sbp_low', 'sbp_high', 'diabetes', 'smoker', 'bmi_low', 'bmi_high'];
  const parts = order.map((text) => text.split(' * '));
  const NAMES = [...TERMS, 'egfr_low', 'egfr_high', 'bp_tx', 'statin', 'cage ^ 2'];
  const first = parts.map(([name]) => NAMES.indexOf(name!));
  const second = parts.map(([, name]) => (name === undefined ? -1 : NAMES.indexOf(name)));
  return (columns, rows) => {
    const risks = new Float64Array(rows * betas.length);
    const own = new Float64Array(NAMES.length);
    const terms = new Float64Array(order.length + 1);
    terms[order.length] = 1;
    for (let i = 0; i < rows; i += 1) {
      const [sbp, bmi, egfr, hdl] = [
        columns['sbp']![i]!,
        columns['bmi']![i]!,
        columns['egfr']![i]!,
        columns['hdl']![i]!,
      ];
      const age = (columns['age']![i]! - 55) / 10;
      own[0] = age;
      own[1] = (columns['total_cholesterol']![i]! - hdl) * 0.02586 - 3.5;
      own[2] = (hdl * 0.02586 - 1.3) / 0.3;
      own[3] = (Math.min(sbp, 110) - 110) / 20;
      own[4] = (Math.max(sbp, 110) - 130) / 20;
      own[5] = columns['diabetes']![i]!;
      own[6] = columns['smoker']![i]!;
      own[7] = (Math.min(bmi, 30) - 25) / 5;
      own[8] = (Math.max(bmi, 30) - 30) / 5;
      own[9] = (Math.min(egfr, 60) - 60) / -15;
      own[10] = (Math.max(egfr, 60) - 90) / -15;
      own[11] = columns['bp_tx']![i]!;
      own[12] = columns['statin']![i]!;
      own[13] = age * age;
      for (let t = 0; t < order.length; t += 1) {
        const other = second[t]!;
        terms[t] = other < 0 ? own[first[t]!]! : own[first[t]!]! * own[other]!;
      }
      const sex = columns['sex']![i]!;
      for (let o = 0; o < betas.length; o += 1) {
        const line = betas[o]![sex]!;
        let lp = 0;
        for (let t = 0; t < terms.length; t += 1) lp += line[t]! * terms[t]!;
        risks[i * betas.length + o] = 1 / (1 + Math.exp(-lp));
      }
    }
    return risks;
  };
}
