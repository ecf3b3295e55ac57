// Features that follow from others, such as BMI from weight and height, eGFR from creatinine. A measured value is never replaced.
import { momentOf } from '#terminology/moment.ts';
import { interpret } from '#risk/equation/expression/interpret.ts';
import { parseExpression } from '#risk/equation/expression/parse.ts';
import { namesIn } from '#risk/equation/expression/tree.ts';
import { interpretEquation } from '#risk/equation/interpret.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { timeOf, valueIn, type Feature, type Features, type Origin } from './feature.ts';
import { conceptOf, type Registry } from './registry.ts';

type Kind = 'number' | 'flag' | 'code';

interface Derivation {
  readonly concept: string;
  readonly kind: Kind;
  /** Over other concepts in their own units; yes is 1. Undetermined (absent) where a part that is needed is absent. */
  readonly is: string;
}

/** In this order: a later one may stand on an earlier one. */
const DERIVATIONS: readonly Derivation[] = [
  { concept: 'male', kind: 'flag', is: 'sex = "male"' },
  { concept: 'female', kind: 'flag', is: 'sex = "female"' },
  { concept: 'bmi', kind: 'number', is: 'weight / (height / 100) ^ 2' },
  { concept: 'chol_hdl_ratio', kind: 'number', is: 'total_cholesterol / hdl' },
  { concept: 'pepsinogen_ratio', kind: 'number', is: 'pepsinogen_i / pepsinogen_ii' },
  { concept: 'projection_age', kind: 'number', is: 'age + 5' },
  { concept: 'rr_ge_22', kind: 'flag', is: 'respiratory_rate >= 22' },
  { concept: 'sbp_le_100', kind: 'flag', is: 'sbp <= 100' },
  // A flow or more oxygen than air has (20.9 %, written 21) is oxygen; no flow, or as much as air has, is air.
  { concept: 'on_oxygen', kind: 'flag', is: 'if(oxygen_flow > 0, 1, 0 / 0)' },
  { concept: 'on_oxygen', kind: 'flag', is: 'if(oxygen_concentration > 21, 1, 0 / 0)' },
  { concept: 'on_oxygen', kind: 'flag', is: 'oxygen_flow > 0' },
  { concept: 'on_oxygen', kind: 'flag', is: 'oxygen_concentration > 21' },
  // Sepsis-3: any Glasgow Coma Scale below 15.
  { concept: 'altered_mentation', kind: 'flag', is: 'gcs < 15' },
  { concept: 'altered_mentation', kind: 'flag', is: 'consciousness != "A"' },
  { concept: 'diabetes', kind: 'flag', is: 'if(type1_diabetes, 1, 0 / 0)' },
  { concept: 'diabetes', kind: 'flag', is: 'if(type2_diabetes, 1, 0 / 0)' },
  { concept: 'ever_smoker', kind: 'flag', is: 'if(smoker, 1, 0 / 0)' },
  { concept: 'smoker', kind: 'flag', is: 'if(ever_smoker, 0 / 0, 0)' },
  // Stages 3 to 5 are those below 60 ml/min/1.73 m2.
  { concept: 'ckd_3_to_5', kind: 'flag', is: 'if(chronic_kidney_disease, egfr < 60, 0 / 0)' },
  { concept: 'emphysema_or_copd', kind: 'flag', is: 'if(emphysema, 1, 0 / 0)' },
  { concept: 'emphysema_or_copd', kind: 'flag', is: 'if(copd, 1, emphysema)' },
  { concept: 'chronic_hepatitis', kind: 'flag', is: 'if(chronic_hepatitis_b, 1, 0 / 0)' },
  { concept: 'chronic_liver_disease', kind: 'flag', is: 'if(chronic_hepatitis, 1, 0 / 0)' },
  // QRISK3's classes: 0 never, 1 former, 2 under 10, 3 under 20, 4 from 20 cigarettes a day.
  {
    concept: 'smoking_category',
    kind: 'code',
    is: 'if(smoker, 2 + (cigarettes_per_day >= 10) + (cigarettes_per_day >= 20), 0 / 0)',
  },
  { concept: 'smoking_category', kind: 'code', is: 'if(smoker, 0 / 0, if(ever_smoker, 1, 0))' },
];

const PARSED = DERIVATIONS.map((derivation) => {
  const tree = parseExpression(derivation.is);
  return { ...derivation, tree, parts: [...namesIn(tree)] };
});

/** Levels of coded concepts that derivations compare with. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  sex: ['male', 'female'],
  consciousness: ['A', 'C', 'V', 'P', 'U'],
};

/** In `unit`, or in the concept's own; a yes is 1, a level its place; NaN where nothing is determined. */
function numberOf(concept: string, feature: Feature | undefined, registry: Registry, unit?: string): number {
  if (feature === undefined || feature.kind === 'bounds') return Number.NaN;
  if (feature.kind === 'number') {
    const row = registry.quantity(concept);
    return valueIn(feature, unit ?? row?.unit ?? feature.unit, row);
  }
  if (feature.kind === 'code') {
    const at = LEVELS[concept]?.indexOf(feature.value) ?? -1;
    return at < 0 ? Number.NaN : at;
  }
  return Number(feature.value);
}

function featureOf(kind: Kind, x: number, unit: string, origin: Origin): Feature {
  if (kind === 'flag') return { kind: 'flag', value: x === 1, origin };
  return kind === 'code' ? { kind: 'code', value: String(x), origin } : { kind: 'number', value: x, unit, origin };
}

/** What is derived is as old as the oldest of its parts. */
function originOf(parts: readonly string[], features: Features): Origin {
  const times = parts.flatMap((part) => {
    const feature = features.get(part);
    const time = feature === undefined ? undefined : timeOf(feature);
    return time === undefined ? [] : [time];
  });
  const oldest = times.sort((a, b) => momentOf(a) - momentOf(b))[0];
  return { kind: 'derived', from: parts, ...(oldest === undefined ? {} : { time: oldest }) };
}

/** eGFR by CKD-EPI 2021, as PREVENT and KFRE ask, from the equation folder itself. */
function deriveEgfr(features: Map<string, Feature>, ckdEpi: Equation, registry: Registry): void {
  if (features.has('egfr')) return;
  const parts = ['creatinine', 'age', 'sex'];
  const age = features.get('age');
  const egfrAt = (ageFeature: Feature | undefined): number => {
    const numbers: Record<string, number> = {};
    for (const input of ckdEpi.data.inputs) {
      const concept = conceptOf(input);
      const unit = input.kind === 'number' ? input.unit : undefined;
      numbers[input.name] = numberOf(concept, concept === 'age' ? ageFeature : features.get(concept), registry, unit);
    }
    return interpretEquation(ckdEpi, numbers)['egfr_cr'] ?? Number.NaN;
  };
  const ages: readonly (Feature | undefined)[] =
    age?.kind === 'bounds'
      ? [age.high, age.low].map((value) => ({ kind: 'number', value, unit: 'a', origin: age.origin }) as const)
      : [age];
  const [low = Number.NaN, high = low] = ages.map(egfrAt);
  if (Number.isNaN(low + high)) return;
  const unit = registry.quantity('egfr')?.unit ?? '1';
  const origin = originOf(parts, features);
  features.set(
    'egfr',
    low === high ? { kind: 'number', value: low, unit, origin } : { kind: 'bounds', low, high, origin },
  );
}

/** `ckdEpi` is absent where that equation is not served; then eGFR is not derived. */
export function deriveFeatures(measured: Features, registry: Registry, ckdEpi: Equation | undefined): Features {
  const features = new Map(measured);
  if (ckdEpi !== undefined) deriveEgfr(features, ckdEpi, registry);
  for (const { concept, kind, tree, parts } of PARSED) {
    // A bound or a part that is absent determines nothing, and a comparison with it would say no.
    const whole = parts.every((part) => !Number.isNaN(numberOf(part, features.get(part), registry)));
    if (features.has(concept) || !whole) continue;
    const x = interpret(tree, {
      value: (name) => numberOf(name, features.get(name), registry),
      level: (name, code) => LEVELS[name]?.indexOf(code) ?? -1,
      curve: () => ({ x: [], y: [] }),
    });
    if (typeof x !== 'number' || Number.isNaN(x)) continue;
    features.set(concept, featureOf(kind, x, registry.quantity(concept)?.unit ?? '1', originOf(parts, features)));
  }
  return features;
}
