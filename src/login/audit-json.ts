// An audit entry as JSON at the administrator's door.
import { z } from 'zod';
import type { AuditRecord } from '#kernel/audit-entry.ts';

export const recordSchema = z
  .strictObject({
    sequence: z.number().int(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditRecord' });

export const auditView = (record: AuditRecord): z.infer<typeof recordSchema> => {
  const { sequence, at, actor, action, subjectType, subjectId, detail, previousHash, hash } = record;
  return {
    sequence,
    at,
    actor,
    action,
    subjectType,
    subjectId,
    detail: detail === undefined ? null : { ...detail },
    previousHash,
    hash,
  };
};
