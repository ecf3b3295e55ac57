// The list of equations as JSON at our own door.
import type { z } from 'zod';
import type { Input } from '#risk/equation/schema.ts';
import { needOf } from '#risk/assess/judge.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import type { equationsAnswer } from './schema.ts';

type EquationsAnswer = z.infer<typeof equationsAnswer>;
type InputView = EquationsAnswer['equations'][number]['inputs'][number];

function inputView(input: Input, registry: Registry): InputView {
  const range = input.kind === 'number' ? input.range : undefined;
  return {
    name: input.name,
    concept: conceptOf(input),
    title: input.title,
    kind: input.kind,
    unit: input.kind === 'number' ? input.unit : null,
    range:
      range === undefined
        ? null
        : {
            minimum: range.minimum ?? null,
            above: range.above ?? null,
            maximum: range.maximum ?? null,
            below: range.below ?? null,
            source: range.source,
          },
    levels: input.kind === 'coded' ? input.levels.map(({ code, title }) => ({ code, title })) : null,
    core: input.core === true,
    modifiable: input.modifiable !== undefined,
    codes: [...needOf(input, registry).codes],
  };
}

export function equationsView({ library, registry }: RiskRoom): EquationsAnswer {
  return {
    equations: [...library.equations.values()].map(({ equation: { data }, modelSha256 }) => ({
      id: data.id,
      version: data.version,
      title: data.title,
      group: data.group,
      form: data.form,
      outcome: data.outcome,
      horizon: data.horizon,
      population: data.population.text,
      vietNam: data.vietNam,
      inputs: data.inputs.map((input) => inputView(input, registry)),
      outputs: data.outputs.map(({ name, title, unit, role, horizonYears }) => ({
        name,
        title,
        unit,
        role,
        horizonYears: horizonYears ?? null,
      })),
      citation: data.citation.text,
      licenceDuty: data.licence.duty ?? null,
      modelSha256,
    })),
    refused: [...library.refused],
  };
}
