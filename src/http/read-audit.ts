// Audits reads: one audit entry for each answered read of a patient's records, written in batches so that reading stays fast.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '#access/scopes.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { asCaller, type AuditCaller } from '#kernel/audit-caller.ts';
import { createEntryBatch, type EntrySink } from './entry-batch.ts';

/** At most that long lies between a read and its entry; what a killed process had not written is lost. */
const FLUSH_MS = 1_000;

const OF_PATIENTS: ReadonlySet<Scope | undefined> = new Set<Scope>(['readings:read', 'alerts:read', 'interop', 'link']);
/** Asked by a page again and again while it is looked at, and of no one patient. */
const LISTS: ReadonlySet<string | undefined> = new Set(['/v1/worklist/events', '/v1/alerts/escalations']);

const SUBJECTS = [
  ['uid', 'study'],
  ['study', 'study'],
  ['patientCode', 'patient'],
  ['code', 'patient'],
  ['id', 'record'],
] as const;

function subjectOf({ params, routeOptions }: FastifyRequest): Pick<AuditEntry, 'subjectType' | 'subjectId'> {
  const given = new Map<string, unknown>(Object.entries(typeof params === 'object' && params !== null ? params : {}));
  for (const [name, subjectType] of SUBJECTS) {
    const value = given.get(name);
    if (typeof value === 'string') return { subjectType, subjectId: value.slice(0, 200) };
  }
  return { subjectType: 'list', subjectId: routeOptions.url ?? '' };
}

const PURPOSE = /^[A-Za-z0-9 _.-]{1,64}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** The door has written its own entry of this read, which says more than ours. */
    readNoted: boolean;
  }
}

function callerOf(request: FastifyRequest): AuditCaller {
  const purpose = request.headers['x-purpose-of-use'];
  const { actor } = request.identity;
  return { actor, address: request.ip, ...(typeof purpose === 'string' && PURPOSE.test(purpose) && { purpose }) };
}

function entryOf(request: FastifyRequest): AuditEntry {
  const { actor, ...from } = callerOf(request);
  return {
    actor,
    action: 'record.read',
    ...subjectOf(request),
    detail: { route: request.routeOptions.url ?? '', ...from },
  };
}

/** Entries that a request's own work writes say from where it came, and for what purpose. */
export function nameCallers(app: FastifyInstance): void {
  app.decorateRequest('readNoted', false);
  // After the body was read: its events come from the connection, which knows no caller.
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.identity.known === 'open') done();
    else asCaller(callerOf(request), done);
  });
}

export function auditReads(app: FastifyInstance, sink: EntrySink): void {
  const batch = createEntryBatch(sink);
  const timer = setInterval(() => void batch.flush(), FLUSH_MS);

  app.addHook('onResponse', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    const reads = request.method === 'GET' && reply.statusCode < 300 && OF_PATIENTS.has(scope);
    if (!reads || request.readNoted || request.identity.known === 'open' || LISTS.has(request.routeOptions.url)) return;
    batch.add(request.identity.facilityId, entryOf(request));
  });
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await batch.flush();
  });
}
