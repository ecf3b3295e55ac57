// The session's cookie: no script reads it, no other site sends it, and under TLS no plain request carries it.
import type { FastifyRequest } from 'fastify';

/** Under TLS the prefix keeps other hosts of the domain from setting it. */
const nameOf = (secure: boolean): string => (secure ? '__Host-haidang' : 'haidang');

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function cookieNamed({ headers }: FastifyRequest, name: string): string | undefined {
  const parts = (headers.cookie ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
}

export interface SessionCookie {
  read(request: FastifyRequest): string | undefined;
  set(token: string, endsAt: Date): string;
  readonly clear: string;
}

export function sessionCookie({ secure }: { readonly secure: boolean }): SessionCookie {
  const name = nameOf(secure);
  const rules = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read: (request) => {
      const token = cookieNamed(request, name);
      return token !== undefined && TOKEN.test(token) ? token : undefined;
    },
    set: (token, endsAt) => `${name}=${token}; ${rules}; Expires=${endsAt.toUTCString()}`,
    clear: `${name}=; ${rules}; Max-Age=0`,
  };
}
