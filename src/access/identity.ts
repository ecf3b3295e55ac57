// Identity of a request: every route declares a scope, every request has an identity, and every identity belongs to a facility (laws 10 and 14).
import type { FastifyRequest } from 'fastify';
import type { Role } from './roles.ts';
import { type Scope, SCOPES } from './scopes.ts';

export interface Identity {
  readonly facilityId: string;
  /** A login name or a system account; written into the audit trail. */
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly scopes: ReadonlySet<Scope>;
  /** How the caller was known: `open` is nobody in particular, `session` a person's cookie, `door` the door's own standard. */
  readonly known: 'open' | 'token' | 'session' | 'door';
  /** What a page of this session must send with a write; only where a cookie says who asks. */
  readonly csrf?: string;
}

/** Throws CareError when there are no credentials, or wrong ones. */
export type Identify = (request: FastifyRequest) => Promise<Identity> | Identity;

/** The facility of a service that has only one. */
export const LOCAL_FACILITY = 'local';

const everybody: Identity = Object.freeze({
  facilityId: LOCAL_FACILITY,
  actor: 'local',
  roles: [],
  scopes: new Set(SCOPES),
  known: 'open',
});

/** The identity of a request that is not asked who it is. */
export const NOBODY: Identity = Object.freeze({
  facilityId: LOCAL_FACILITY,
  actor: 'nobody',
  roles: [],
  scopes: new Set<Scope>(),
  known: 'open',
});

/** `HAIDANG_ACCESS=open`: one facility, one actor, everything allowed; for a loopback address only. */
export const identifyOpenly: Identify = () => everybody;

declare module 'fastify' {
  interface FastifyContextConfig {
    scope?: Scope;
    /** The door's own way to know a caller that its standard gives other credentials than ours. Throws CareError for wrong ones. */
    knows?: (request: FastifyRequest) => Promise<Identity | undefined> | Identity | undefined;
    /** Origins of other sites whose pages may write here; `*`: any. */
    origins?: readonly string[];
  }
  interface FastifyRequest {
    identity: Identity;
  }
}
