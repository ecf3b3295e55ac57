// Entries of the audit trail for a facility's administrator, and the list of facilities for reports that compare them.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditRecord } from '#kernel/audit-entry.ts';
import { problemResponses } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { auditView, recordSchema } from './audit-json.ts';
import { type AuditSearchDeps, auditSearchRoutes } from './audit-search-routes.ts';

export interface AuditDoorDeps {
  readonly facilities: () => Promise<readonly string[]>;
  readonly facility: (id: string) => Promise<{
    readonly audit: {
      list(filter: { readonly afterSequence: number; readonly limit: number }): Promise<readonly AuditRecord[]>;
    };
  }>;
}

const query = z.strictObject({
  after: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: queryNumber(1, 500).default(100),
});

export async function auditRoutes(plain: FastifyInstance, deps: AuditDoorDeps & AuditSearchDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];
  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'listAudit',
        summary: 'The audit trail of this facility, oldest first',
        querystring: query,
        response: { 200: z.array(recordSchema), ...problemResponses },
      },
    },
    async ({ query: { after, limit }, identity }) => {
      const { audit } = await deps.facility(identity.facilityId);
      return (await audit.list({ afterSequence: after, limit })).map(auditView);
    },
  );
  auditSearchRoutes(plain, deps);
  app.get(
    '/v1/facilities',
    {
      config: { scope: 'facilities:read' },
      schema: {
        tags,
        operationId: 'listFacilities',
        summary: 'Which facilities there are; nothing of a patient',
        response: { 200: z.array(z.string()), ...problemResponses },
      },
    },
    async () => [...(await deps.facilities())],
  );
}
