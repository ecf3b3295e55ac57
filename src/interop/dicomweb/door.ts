// Shared parts of the DICOMweb routes: their scope, their description for OpenAPI, and the identifiers in their paths.
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';

export const uid = z.string().regex(/^[0-9.]{1,64}$/);
export const JSON_TYPES = ['application/dicom+json', 'application/json'] as const;
export const config = { scope: 'readings:read' } as const;

/** `answer` is the body of 200. The query is read by the routes themselves: DICOMweb has keys without end. */
export const describe = <Answer extends z.ZodType>(answer: Answer, operationId: string, summary: string) => ({
  tags: ['dicomweb'],
  operationId,
  summary,
  querystring: z.record(z.string(), z.unknown()),
  response: { 200: answer, ...problemResponses },
});
