// Routes for administrators: refused files, and the check of the audit chain.
import type { AuditVerdict } from '#kernel/audit-verdict.ts';
import type { Refusal } from '#kernel/refusal.ts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { refusalText } from '#preread/intake/refusal-text.ts';

export interface AdminStore {
  readonly refusals: {
    list(options: { readonly limit: number }): Promise<readonly Refusal[]>;
  };
  readonly audit: {
    verify(options: { readonly expectedHead?: string }): Promise<AuditVerdict>;
  };
}

export interface AdminDeps {
  facility(id: string): Promise<AdminStore>;
}

function refusalRoutes(plain: FastifyInstance, deps: AdminDeps): void {
  const app = typed(plain);
  app.get(
    '/v1/refusals',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags: ['admin'],
        operationId: 'listRefusals',
        summary: 'What was refused at the door, newest first: the reason and the hash, never the content',
        querystring: z.strictObject({ limit: queryNumber(1, 1000).default(100) }),
        response: {
          200: z.array(
            z.strictObject({
              code: z.string(),
              field: z.string().nullable(),
              /** Technical, in English. */
              reason: z.string(),
              /** For a person; null for a code that is not known here. */
              text: sentenceSchema.nullable(),
              sha256: z.string().nullable(),
              at: z.string(),
            }),
          ),
          ...problemResponses,
        },
      },
    },
    async ({ query, identity }) => {
      const { refusals } = await deps.facility(identity.facilityId);
      return (await refusals.list({ limit: query.limit })).map(({ code, field, reason, sha256, at }) => ({
        code,
        field: field ?? null,
        reason,
        text: refusalText(code) ?? null,
        sha256: sha256 ?? null,
        at,
      }));
    },
  );
}

function auditRoutes(plain: FastifyInstance, deps: AdminDeps): void {
  const app = typed(plain);
  app.get(
    '/v1/audit/verify',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags: ['admin'],
        operationId: 'verifyAudit',
        summary: 'Walks the audit chain and says where it was edited',
        querystring: z.strictObject({
          expectedHead: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
        }),
        response: {
          200: z.strictObject({
            intact: z.boolean(),
            entries: z.number().int(),
            head: z.string(),
            faults: z.array(
              z.strictObject({ sequence: z.number().int(), kind: z.string(), subject: z.string().nullable() }),
            ),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ query, identity }) => {
      const { audit } = await deps.facility(identity.facilityId);
      const { expectedHead } = query;
      const verdict = await audit.verify(expectedHead === undefined ? {} : { expectedHead });
      return {
        intact: verdict.intact,
        entries: verdict.entries,
        head: verdict.head,
        faults: verdict.faults.map(({ sequence, kind, subject }) => ({ sequence, kind, subject: subject ?? null })),
      };
    },
  );
}

export async function adminRoutes(app: FastifyInstance, deps: AdminDeps): Promise<void> {
  refusalRoutes(app, deps);
  auditRoutes(app, deps);
}
