// Audits refusals: wrong credentials, and requests that their caller may not make. The same refusal again and again is one entry a minute with its
// number, and many different ones at once are summed up, so that guessing fills no disk.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { createEntryBatch, type EntrySink } from './entry-batch.ts';

export interface RefusedCall {
  readonly facilityId: string;
  /** `nobody` where it is not known who asked. */
  readonly actor: string;
  readonly action: 'credentials.refused' | 'access.refused';
  /** The account whose password was tried; absent: the route is the subject. */
  readonly account?: string;
  /** The method and the pattern of the address, never what stood in it: `POST /v1/session`. */
  readonly route: string;
  readonly address: string;
  readonly code: string;
}

export interface RefusalAudit {
  note(refusal: RefusedCall): void;
  close(): Promise<void>;
}

interface Kept {
  readonly refusal: RefusedCall;
  /** Since the last entry. */
  times: number;
  /** Milliseconds that only grow; undefined while no entry was written. */
  writtenAt: number | undefined;
}

/** At most that long lies between a refusal and its entry. */
const FLUSH_MS = 1_000;
const REPEAT_MS = 60_000;
const MOST_KINDS = 1_000;
const MANY = 'many';

const kindOf = ({ facilityId, actor, action, account, route, address, code }: RefusedCall): string =>
  JSON.stringify([facilityId, actor, action, account, route, address, code]);

/** What comes beyond the most kinds is told by its facility, action and code alone. */
const summedUp = ({ facilityId, action, code }: RefusedCall): RefusedCall => ({
  facilityId,
  action,
  code,
  actor: 'nobody',
  route: MANY,
  address: MANY,
});

function entryOf({ actor, action, account, route, address, code }: RefusedCall, times: number): AuditEntry {
  const subject =
    account === undefined ? { subjectType: 'route', subjectId: route } : { subjectType: 'account', subjectId: account };
  return { actor, action, ...subject, detail: { route, address, code, times } };
}

export function openRefusalAudit(sink: EntrySink, now: () => number = () => performance.now()): RefusalAudit {
  const batch = createEntryBatch(sink);
  const kept = new Map<string, Kept>();

  function write(everything: boolean): Promise<void> {
    for (const [kind, one] of kept) {
      const rests = one.writtenAt !== undefined && now() - one.writtenAt < REPEAT_MS;
      if (rests && !everything) continue;
      if (one.times > 0) {
        batch.add(one.refusal.facilityId, entryOf(one.refusal, one.times));
        one.times = 0;
        one.writtenAt = now();
      } else kept.delete(kind);
    }
    return batch.flush();
  }
  const timer = setInterval(() => void write(false), FLUSH_MS);
  timer.unref();

  return {
    note(asked) {
      const known = kept.get(kindOf(asked));
      const refusal = known === undefined && kept.size >= MOST_KINDS ? summedUp(asked) : asked;
      const one = kept.get(kindOf(refusal)) ?? { refusal, times: 0, writtenAt: undefined };
      one.times += 1;
      kept.set(kindOf(refusal), one);
    },
    async close() {
      clearInterval(timer);
      await write(true);
    },
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the refusal that was answered. */
    refusal: string | undefined;
    /** The account whose password was tried, where there is one of that name. */
    tried: { readonly login: string; readonly facilityId: string } | undefined;
  }
}

/** For doors that answer a refusal in their own way, and say so. */
export function keepRefusals(app: FastifyInstance): void {
  app.decorateRequest('refusal', undefined);
  app.decorateRequest('tried', undefined);
}

/** A page that is not logged in yet was refused nothing that it asked for. */
const NOT_ASKED = 'access.login-needed';

function actionOf(code: string, status: number): RefusedCall['action'] | undefined {
  if (code === NOT_ASKED) return undefined;
  // The way back from the hospital's login answers with a page that says why.
  if (status === 401 || (code.startsWith('login.') && status !== 422)) return 'credentials.refused';
  return status === 403 ? 'access.refused' : undefined;
}

function refusalOf(
  request: FastifyRequest,
  { statusCode }: FastifyReply,
  siteFacility: string,
): RefusedCall | undefined {
  const { refusal: code, tried, method, routeOptions, ip } = request;
  const action = code === undefined ? undefined : actionOf(code, statusCode);
  if (code === undefined || action === undefined) return undefined;
  // Not there where the guard refused before it asked.
  const identity: FastifyRequest['identity'] | undefined = request.identity;
  const known = identity === undefined || identity.known === 'open' ? undefined : identity;
  return {
    facilityId: tried?.facilityId ?? known?.facilityId ?? siteFacility,
    actor: known?.actor ?? 'nobody',
    action,
    ...(tried !== undefined && { account: tried.login }),
    route: `${method} ${routeOptions.url ?? 'unknown'}`,
    address: ip,
    code,
  };
}

export function auditRefusals(app: FastifyInstance, audit: Pick<RefusalAudit, 'note'>, siteFacility: string): void {
  app.addHook('onResponse', async (request, reply) => {
    const refusal = refusalOf(request, reply, siteFacility);
    if (refusal !== undefined) audit.note(refusal);
  });
}
