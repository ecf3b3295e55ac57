// Reads a policy file; an error names the field.
import { alertErrors } from '#alerts/errors.ts';
import { alertPolicySchema, type AlertPolicy } from './policy.ts';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw alertErrors.error('policy', { field: 'file', reason: 'not valid JSON', cause });
  }
}

/** Throws `alerts.policy` naming the first field that is missing, unknown or out of range. */
export function readPolicy(text: string): AlertPolicy {
  const checked = alertPolicySchema.safeParse(parseJson(text));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw alertErrors.error('policy', {
    field: issue === undefined || issue.path.length === 0 ? 'file' : issue.path.join('.'),
    reason: issue?.message ?? 'does not fit the schema',
  });
}
