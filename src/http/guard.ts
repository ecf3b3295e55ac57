// Refuses a request whose identity lacks the route's scope, and browser requests from foreign pages (DNS rebinding, cross-site writes).
import type { FastifyRequest } from 'fastify';
import type { Identity, Scope } from '#access/identity.ts';
import { httpErrors } from './errors.ts';

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
