// Assesses a person, from measurements or from an equation's own inputs: one result per equation, beside everything that was rejected.
import type { Measurement } from '#kernel/measurement.ts';
import type { Condition } from '#kernel/condition.ts';
import { ageOn } from '#risk/person/age.ts';
import { statedConditions } from '#risk/person/conditions.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { riskErrors } from '#risk/errors.ts';
import { readNamedInputs, type NamedValue } from '#risk/input/named-inputs.ts';
import type { RiskLibrary, ServedEquation } from '#risk/equation/library.ts';
import { deriveFeatures } from '#risk/measure/derive.ts';
import { type Feature, type Features, type Rejected, rejection } from '#risk/measure/feature.ts';
import { readMeasurements } from '#risk/measure/read.ts';
import { conceptOf, createRegistry, type Registry } from '#risk/measure/registry.ts';
import { assessEquation } from './assess.ts';
import { statesOf, type InputState, type InputStates } from './person.ts';
import type { EquationResult } from './result.ts';

export interface PatientQuestion {
  /** Names the person in the series; never a person's name. */
  readonly patientCode?: string;
  readonly sex?: 'male' | 'female';
  /** A day, a month or a year: YYYY-MM-DD, YYYY-MM, YYYY. */
  readonly birthDate?: string;
  readonly ageYears?: number;
  readonly measurements: readonly Measurement[];
  /** Diagnoses as they were coded; which of them count is decided here. */
  readonly conditions?: readonly Condition[];
  /** By input name; only with exactly one equation named. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Absent: all that apply. */
  readonly equations?: readonly string[];
  readonly explain: boolean;
  /** Only with exactly one equation named. */
  readonly whatIf: readonly Readonly<Record<string, unknown>>[];
  readonly asOf: Date;
}

export interface PatientAssessment {
  readonly asOf: string;
  readonly results: readonly EquationResult[];
  readonly rejected: readonly Rejected[];
}

export interface RiskRoom {
  readonly library: RiskLibrary;
  readonly registry: Registry;
  /** Throws CareError `risk.unknown-equation`, `risk.unknown-input`, `risk.bad-input`, `risk.impossible-age`, `risk.not-modifiable`, each naming the field. */
  assessPatient(question: PatientQuestion): Promise<PatientAssessment>;
}

function ageFeature(question: PatientQuestion, registry: Registry): Feature | undefined {
  const { ageYears, birthDate, asOf } = question;
  const stated = ageYears === undefined ? undefined : { low: ageYears, high: ageYears };
  const field = birthDate === undefined ? 'patient.ageYears' : 'patient.birthDate';
  const age = birthDate === undefined ? stated : ageOn(birthDate, asOf);
  if (age === undefined) return undefined;
  const [low, high] = registry.quantity('age')?.plausible ?? [0, 120];
  if (age.low < low || age.high > high) {
    throw riskErrors.error('impossible-age', {
      field,
      reason: `${field}: an age lies between ${low} and ${high} years`,
    });
  }
  const origin = { kind: 'stated' } as const;
  return age.low === age.high
    ? { kind: 'number', value: age.low, unit: 'a', origin }
    : { kind: 'bounds', ...age, origin };
}

/** What the door states of the person goes before what was measured. */
function featuresOf(
  question: PatientQuestion,
  measured: Features,
  room: Pick<RiskRoom, 'library' | 'registry'>,
): Features {
  const features = new Map(measured);
  const { sex } = question;
  if (sex !== undefined) features.set('sex', { kind: 'code', value: sex, origin: { kind: 'stated' } });
  const age = ageFeature(question, room.registry);
  if (age !== undefined) features.set('age', age);
  return deriveFeatures(features, room.registry, room.library.equations.get('ckd_epi_2021')?.equation);
}

/** Inputs by name are statements about the person too: an equation's premises and its ages look at them. */
function statedFeatures(named: ReadonlyMap<string, NamedValue>, features: Features): Features {
  const all = new Map(features);
  const origin = { kind: 'stated' } as const;
  for (const { input, x } of named.values()) {
    const concept = conceptOf(input);
    if (input.kind === 'boolean') all.set(concept, { kind: 'flag', value: x === 1, origin });
    if (input.kind === 'coded') all.set(concept, { kind: 'code', value: input.levels[x]?.code ?? '', origin });
    if (concept === 'age') all.set(concept, { kind: 'number', value: x, unit: 'a', origin });
  }
  return all;
}

function overlaid(states: InputStates, named: ReadonlyMap<string, NamedValue>): InputStates {
  const given = (x: number): InputState => ({ kind: 'given', x, origin: { kind: 'stated' } });
  return new Map(
    [...states].map(([name, state]) => {
      const value = named.get(name);
      return [name, value === undefined ? state : given(value.x)];
    }),
  );
}

function servedOf(library: RiskLibrary, names: readonly string[] | undefined): readonly ServedEquation[] {
  if (names === undefined) return [...library.equations.values()];
  return names.map((name, at) => {
    const served = library.equations.get(name);
    if (served === undefined) {
      throw riskErrors.error('unknown-equation', { field: `equations.${at}`, reason: `there is no equation ${name}` });
    }
    return served;
  });
}

function onlyOne(question: PatientQuestion, served: readonly ServedEquation[]): Equation | undefined {
  const asks = question.inputs !== undefined ? 'inputs' : question.whatIf.length > 0 ? 'whatIf' : undefined;
  if (asks === undefined) return undefined;
  const [only] = served;
  if (question.equations?.length !== 1 || only === undefined) {
    throw riskErrors.error('bad-input', {
      field: asks,
      reason: `${asks} needs exactly one equation, named in equations`,
    });
  }
  return only.equation;
}

export function createRiskRoom(library: RiskLibrary): RiskRoom {
  const registry = createRegistry(
    [...library.equations.values()].map(({ equation }) => equation),
    library.siteCodes,
  );
  return {
    library,
    registry,
    async assessPatient(question) {
      const served = servedOf(library, question.equations);
      const only = onlyOne(question, served);
      const named = readNamed(only, question.inputs, registry);
      const stated = statedConditions(question.conditions ?? [], question);
      const sent = [...question.measurements, ...stated.statements];
      const { features: measured, rejected: unread } = readMeasurements(sent, registry, question);
      const unused = stated.unused.map(({ code, because }, at) => ({
        index: sent.length + at,
        field: `conditions.${code}`,
        code,
        reason: rejection(because),
      }));
      const rejected = [...unread, ...unused];
      const features = featuresOf(question, measured, { library, registry });
      const results: EquationResult[] = [];
      // One after the other: each run is short, and two at once would only wait for the same core.
      for (const one of served) {
        results.push(
          await assessEquation({
            served: one,
            features: statedFeatures(named, features),
            states: overlaid(statesOf(one.equation, features, { registry, asOf: question.asOf }), named),
            registry,
            named: question.equations !== undefined,
            explain: question.explain,
            whatIf: question.whatIf,
            subjectKey: question.patientCode ?? '',
            asOf: question.asOf,
          }),
        );
      }
      return { asOf: question.asOf.toISOString(), results, rejected };
    },
  };
}

const readNamed = (
  only: Equation | undefined,
  inputs: PatientQuestion['inputs'],
  registry: Registry,
): ReadonlyMap<string, NamedValue> =>
  only === undefined || inputs === undefined ? new Map() : readNamedInputs(only, inputs, registry);
