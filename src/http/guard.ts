// One guard for every door: the name in `Host`, the origin of a write, who asks, and whether the route's scope is theirs.
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Identify, type Identity, NOBODY } from '#access/identity.ts';
import type { Scope } from '#access/scopes.ts';
import { equalSecrets } from '#access/signed-link.ts';
import { CareError } from '#kernel/errors.ts';
import { httpErrors } from './errors.ts';

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '::1'];
const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::', '[::]'];
const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** `Host` without its port; IPv6 keeps its brackets. */
const hostName = (header: string): string => header.replace(/:[0-9]{1,5}$/, '').toLowerCase();

export interface HostRule {
  /** The address that the service is bound to. */
  readonly boundTo: string;
  readonly allowedHosts: readonly string[];
  /** Where the outside reaches the service through a proxy. */
  readonly publicUrl?: string;
}

export interface Guard {
  /** Throws CareError; fills `request.identity`. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

function originOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * A foreign page reaches a service by DNS rebinding, under a name of its own: so the name must be known. A number cannot be rebound,
 * and a service bound to every address is reached under all of the machine's.
 */
function hostCheck({ boundTo, allowedHosts, publicUrl }: HostRule): (host: string) => boolean {
  const outside = publicUrl === undefined ? undefined : originOf(publicUrl)?.hostname;
  const known = new Set(
    [...LOOPBACK_NAMES, boundTo, ...allowedHosts, ...(outside === undefined ? [] : [outside])].map((name) =>
      name.toLowerCase(),
    ),
  );
  const numbers = ANY_ADDRESS.includes(boundTo);
  return (host) => known.has(host) || (numbers && isIP(host.replaceAll(/[[\]]/g, '')) !== 0);
}

/** Browsers name the page's origin at every write; programs name none. Behind a proxy the page has the outside's address. */
function originCheck({ allowedHosts, publicUrl }: HostRule): (origin: string, host: string) => boolean {
  const names = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const outside = publicUrl === undefined ? undefined : originOf(publicUrl)?.origin;
  return (text, host) => {
    const origin = originOf(text);
    if (origin === undefined) return false;
    if (origin.host === host.toLowerCase() || origin.origin === outside) return true;
    return origin.port === '' && names.has(origin.hostname);
  };
}

const challenge = (extra: string): string => `Bearer realm="haidang"${extra}`;

/** RFC 6750 section 3. */
function challengeOf({ status, code, field }: CareError): string | undefined {
  if (status === 401) return challenge(code === 'access.login-needed' ? '' : ', error="invalid_token"');
  if (code === 'http.scope-missing') return challenge(`, error="insufficient_scope", scope="${field ?? ''}"`);
  return undefined;
}

const asksNobody = (scope: Scope): boolean => scope === 'public' || scope === 'link';

function requireScope(identity: Identity, scope: Scope): void {
  if (!identity.scopes.has(scope))
    throw httpErrors.error('scope-missing', { field: scope, reason: `the scope ${scope} is missing` });
}

/** A browser sends a cookie by itself; the header is what only a page of this session can add. */
function requirePage(request: FastifyRequest, { csrf }: Identity): void {
  if (csrf === undefined || READS.includes(request.method)) return;
  const given = request.headers['x-csrf-token'];
  if (typeof given !== 'string' || !equalSecrets(given, csrf))
    throw httpErrors.error('csrf', { field: 'x-csrf-token' });
}

export function createGuard(rule: HostRule, identify: Identify): Guard {
  const isKnown = hostCheck(rule);
  const isOwn = originCheck(rule);

  function refuseForeignPages(request: FastifyRequest): void {
    const host = request.headers.host ?? '';
    if (!isKnown(hostName(host))) throw httpErrors.error('foreign-host', { field: 'Host' });
    if (READS.includes(request.method)) return;
    const { origins = [] } = request.routeOptions.config;
    const { origin } = request.headers;
    if (origin !== undefined && origins.some((one) => one === '*' || one === origin)) return;
    if (origin !== undefined && !isOwn(origin, host)) throw httpErrors.error('cross-site', { field: 'Origin' });
    const site = request.headers['sec-fetch-site'];
    if (origin === undefined && (site === 'cross-site' || site === 'same-site'))
      throw httpErrors.error('cross-site', { field: 'Sec-Fetch-Site' });
  }

  return {
    async admit(request, reply) {
      refuseForeignPages(request);
      const { scope } = request.routeOptions.config;
      // An address that nothing answers has no scope.
      if (scope === undefined || asksNobody(scope)) {
        request.identity = NOBODY;
        return;
      }
      try {
        request.identity = await identify(request);
        requirePage(request, request.identity);
        requireScope(request.identity, scope);
      } catch (thrown) {
        const header = thrown instanceof CareError ? challengeOf(thrown) : undefined;
        if (header !== undefined) reply.header('www-authenticate', header);
        throw thrown;
      }
    },
  };
}
