// Security headers of every answer: no scripts, no frames, no type sniffing, no referrer, and TLS only.
// An answer that is a page brings its own policy; all others may load nothing at all.
import type { FastifyReply, FastifyRequest } from 'fastify';

/** For answers that are data. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Two years, the least that browsers' own lists accept with a margin. */
const TLS_ONLY = 'max-age=63072000; includeSubDomains';

/** In plain HTTP a browser must not be told to use TLS (RFC 6797 section 7.2), and it refuses an opener policy with a complaint. */
const UNDER_TLS = { 'strict-transport-security': TLS_ONLY, 'cross-origin-opener-policy': 'same-origin' };

/** `policy`: the page's own Content-Security-Policy. */
export function securityHeaders({ secure, policy = DATA_POLICY }: { secure: boolean; policy?: string | undefined }) {
  return {
    'content-security-policy': policy,
    // For browsers that do not know frame-ancestors; the two never differ.
    'x-frame-options': policy.includes("frame-ancestors 'self'") ? 'SAMEORIGIN' : 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(secure && UNDER_TLS),
  };
}

/** `protocol` is what a trusted proxy says, else that of the connection. */
export const isSecure = ({ protocol }: FastifyRequest): boolean => protocol === 'https';

export function secureAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const policy = reply.getHeader('content-security-policy');
  reply.headers(securityHeaders({ secure: isSecure(request), ...(typeof policy === 'string' && { policy }) }));
}

/** For what is refused before there is a request: no body, and the connection ends. */
export function bareAnswer(status: string): string {
  const headers = Object.entries(securityHeaders({ secure: false })).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n${headers.join('')}\r\n`;
}
