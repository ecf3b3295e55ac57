// A report of `evaluate --out`, read again.
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { resolveUserPath } from '#cli/paths.ts';
import { evaluationErrors } from '#research/errors.ts';

/** Throws CareError `evaluation.dataset` where the file is something else, and the system's error where it is not there. */
export function readReportFile<Value>(file: string, schema: z.ZodType<Value>): Value {
  const text = readFileSync(resolveUserPath(file), 'utf8');
  const refused = (cause: unknown) =>
    evaluationErrors.error('dataset', { field: file, reason: `${file} is no report.json of evaluate --out`, cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refused(cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw refused(parsed.error);
}
