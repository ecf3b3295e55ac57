// Who asks: every route declares a scope and every request belongs to a facility, also while there is no login (law 10).
import type { FastifyRequest } from 'fastify';
import { httpErrors } from '#http/errors.ts';

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

export function requireScope(identity: Identity, scope: Scope): void {
  if (scope !== 'public' && !identity.scopes.has(scope)) throw httpErrors.error('scope-missing', { field: scope });
}

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '::1'];

/** `Host` without its port; IPv6 keeps its brackets. */
const hostName = (header: string): string => header.replace(/:[0-9]+$/, '').toLowerCase();

export interface HostRule {
  /** The address that the service is bound to. */
  readonly boundTo: string;
  readonly allowedHosts: readonly string[];
}

/**
 * Without a login the browser is the weak spot: a foreign page may reach a loopback service by DNS rebinding, or post a form to it.
 * So the name in `Host` must be known, and a browser's cross-site writes are refused. Programs send no Sec-Fetch-Site.
 */
export function refuseForeignPages(request: FastifyRequest, rule: HostRule): void {
  const host = hostName(request.headers.host ?? '');
  const anyName = rule.boundTo === '0.0.0.0' || rule.boundTo === '::';
  const known = [...LOOPBACK_NAMES, rule.boundTo.toLowerCase(), ...rule.allowedHosts.map((name) => name.toLowerCase())];
  // Bound to every address, the service is reached under names and numbers that it cannot know unless they are listed.
  const open = anyName && rule.allowedHosts.length === 0;
  if (!open && !known.includes(host)) throw httpErrors.error('foreign-host', { field: 'Host' });
  const site = request.headers['sec-fetch-site'];
  const writes = request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
  if (writes && site === 'cross-site') throw httpErrors.error('cross-site', { field: 'Sec-Fetch-Site' });
}
