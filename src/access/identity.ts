// Who asks: every route declares a scope and every request belongs to a facility, also while there is no login (law 10).
import type { FastifyRequest } from 'fastify';

export const SCOPES = [
  /** Probes, documentation, static pages: nothing about a patient. */
  'public',
  'studies:write',
  'readings:read',
  'alerts:read',
  'alerts:write',
  'risk:assess',
  'models:read',
  'models:write',
  'admin:read',
  'admin:write',
  /** Doors of other systems: CDS Hooks, FHIR, HisPro, DICOMweb, HL7. */
  'interop',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface Identity {
  readonly facilityId: string;
  /** A login name or a system account; written into the audit trail. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Throws CareError when the credentials are wrong. Replaced by a login when the site has one. */
export type Identify = (request: FastifyRequest) => Promise<Identity> | Identity;

export const LOCAL_FACILITY = 'local';

const localIdentity: Identity = Object.freeze({
  facilityId: LOCAL_FACILITY,
  actor: 'local',
  scopes: new Set(SCOPES),
});

/** No login: one facility, one actor, everything allowed. Only fit for loopback or a closed network. */
export const identifyLocally: Identify = () => localIdentity;

declare module 'fastify' {
  interface FastifyContextConfig {
    scope?: Scope;
  }
  interface FastifyRequest {
    identity: Identity;
  }
}
