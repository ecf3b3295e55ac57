// The head of a facility's audit chain, signed by the service: kept elsewhere, it proves later that nothing before it was cut off or rewritten.
import { compactVerify, CompactSign, importJWK, type JWK } from 'jose';
import { z } from 'zod';

const ALGORITHM = 'EdDSA';
const TYPE = 'audit-head';

const headSchema = z.strictObject({
  facility: z.string(),
  entries: z.number().int(),
  head: z.string(),
  at: z.string(),
});
export type AuditHead = z.infer<typeof headSchema>;

export async function signHead(head: AuditHead, key: JWK): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(head)))
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .sign(await importJWK(key, ALGORITHM));
}

/** The half of a key that proves signatures and makes none. */
export const publicHalf = ({ kty, crv, x }: JWK): JWK => ({ kty, crv, x }) as JWK;

/** Undefined for a signature of another key, and for anything else that this key has signed. */
export async function readHead(signed: string, key: JWK): Promise<AuditHead | undefined> {
  const open = await importJWK(publicHalf(key), ALGORITHM);
  const verified = await compactVerify(signed, open, { algorithms: [ALGORITHM] }).catch(() => undefined);
  if (verified?.protectedHeader.typ !== TYPE) return undefined;
  return headSchema.safeParse(JSON.parse(new TextDecoder().decode(verified.payload))).data;
}
