// Turns any thrown thing into a problem (code, field, reason, both languages); what is not ours to tell is masked.
import { ResponseSerializationError, hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { httpErrors } from './errors.ts';

export const sentenceSchema = z.strictObject({ vi: z.string(), en: z.string() }).meta({ id: 'Sentence' });

export const problemSchema = z
  .strictObject({
    /** `room.name`; ERRORS.md lists them all. */
    code: z.string(),
    /** The field, tag or variable at fault, as its sender knows it. */
    field: z.string().nullable(),
    reason: z.string(),
    text: sentenceSchema,
    status: z.number().int(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** The refusals that every route may answer; spread into a route's `response`. */
export const problemResponses = {
  '4xx': { description: 'Refused', content: { 'application/problem+json': { schema: problemSchema } } },
  '5xx': { description: 'A fault of the service', content: { 'application/problem+json': { schema: problemSchema } } },
};

const statusOf = (thrown: unknown): number =>
  typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : 500;

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : '';

interface Issue {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string | undefined;
  readonly params: unknown;
}

/** `spo2` for an unknown key at the top, `measurements.0.unit` for a wrong one further in. */
function fieldOf(issue: Issue | undefined): string | undefined {
  if (issue === undefined) return undefined;
  const path = issue.instancePath.split('/').filter((part) => part !== '');
  const { params } = issue;
  if (issue.keyword === 'unrecognized_keys' && typeof params === 'object' && params !== null && 'keys' in params) {
    const { keys } = params;
    if (Array.isArray(keys) && typeof keys[0] === 'string') path.push(keys[0]);
  }
  return path.length === 0 ? undefined : path.join('.');
}

/** Never repeats a foreign error's message: it may hold a piece of the body. */
export function asCareError(thrown: unknown): CareError {
  if (thrown instanceof CareError) return thrown;
  if (thrown instanceof ResponseSerializationError) return httpErrors.error('internal', { cause: thrown });
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const issue = thrown.validation[0];
    const where = thrown.validationContext ?? 'body';
    const field = issue === undefined ? undefined : fieldOf({ ...issue, message: issue.message });
    return httpErrors.error('invalid-request', {
      field: field ?? where,
      reason: issue?.message ?? 'does not fit the schema',
    });
  }
  switch (codeOf(thrown)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.error('too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return httpErrors.error('wrong-media-type', { field: 'Content-Type' });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return httpErrors.error('not-json', { field: 'body' });
    default:
  }
  const status = statusOf(thrown);
  // Fastify's own refusals (bad Content-Length, malformed address …) carry a 4xx status and a fixed code.
  if (status >= 400 && status < 500) {
    return httpErrors.error('invalid-request', { reason: codeOf(thrown) || 'malformed request', cause: thrown });
  }
  return httpErrors.error('internal', { reason: 'internal error', cause: thrown });
}

export const problemOf = (error: CareError, requestId: string): Problem => ({
  code: error.code,
  field: error.field ?? null,
  reason: error.reason,
  text: error.text,
  status: error.status,
  requestId,
});

/** Where it was thrown, without what was said: a message may hold patient text. */
export const framesOf = (thrown: unknown): string[] =>
  thrown instanceof Error && thrown.stack !== undefined
    ? thrown.stack
        .split('\n')
        .filter((line) => line.startsWith('    at '))
        .slice(0, 12)
        .map((line) => line.trim())
    : [];
