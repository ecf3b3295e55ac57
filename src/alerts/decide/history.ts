// Reads a history for the simulation of a policy: JSON lines, one past examination or assessment each.
import { z } from 'zod';
import { SEVERITIES } from '#kernel/alert.ts';
import { alertErrors } from '#alerts/errors.ts';

const historyRow = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  patient: z.string().min(1),
  /** Absent: it speaks of the patient's state, not of one examination. */
  study: z.string().min(1).optional(),
  orderedBy: z.string().min(1).optional(),
  roles: z.array(z.string().min(1)).optional(),
  /** Empty where nothing was found: the patient still counts among those for whom interruptions are tolerated. */
  findings: z.array(
    z.strictObject({
      rule: z.string().regex(/^[^:/]+\/[^:]+$/),
      severity: z.enum(SEVERITIES),
      probability: z.number().min(0).max(1),
      /** What the model decided at its operating point. */
      positive: z.boolean(),
      /** What was true in the end; absent where unknown. */
      present: z.boolean().optional(),
    }),
  ),
});
export type HistoryRow = z.infer<typeof historyRow>;

/** Throws `alerts.history` naming line and field. Blank lines are skipped. */
export function readHistoryLine(line: string, number: number): HistoryRow | null {
  if (line.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw alertErrors.error('history', { field: `line ${number}`, reason: 'not valid JSON', cause });
  }
  const checked = historyRow.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = `line ${number}: ${issue?.path.join('.') ?? ''}`;
  throw alertErrors.error('history', { field, reason: issue?.message ?? 'does not fit the schema' });
}
