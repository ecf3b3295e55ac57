// Makes the record that is kept of one equation's result for one person: the only builder of an assessment.
import type { Assessment } from '#kernel/assessment.ts';
import type { EquationResult } from '#risk/assess/result.ts';
import { headlineOf, shareOf } from './flag.ts';

/** A range has no value and no category: both are open. */
export function assessmentOf(result: EquationResult, patientId: string, assessedAt: string): Assessment {
  const headline = headlineOf(result);
  const value = headline?.value ?? null;
  const share = headline === undefined || value === null ? undefined : shareOf(headline.unit, value);
  const category = value === null ? undefined : headline?.categories[0]?.code;
  return {
    id: result.id,
    patientId,
    equationId: result.equationId,
    outcome: result.outcome,
    ...(share === undefined ? {} : { value: share }),
    ...(category === undefined ? {} : { category }),
    inputs: Object.fromEntries(result.inputs.map((input) => [input.name, input])),
    result: { ...result },
    provenance: result.provenance,
    assessedAt,
  };
}
