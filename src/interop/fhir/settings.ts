// Settings of FHIR (the part `fhir` of the site's settings). With nothing set: the Vietnamese profile, and no receivers.
import { withoutEnd } from '#kernel/text-end.ts';
import { z } from 'zod';
import { identifierSettings } from './systems.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Patient data leaves only encrypted, except to this machine; no password in an address. */
export const isSafeAddress = (address: string): boolean => {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
};

const address = z
  .string()
  .refine(isSafeAddress, { error: 'must be https (http only to this machine), without a password in it' });

const server = z.strictObject({
  /** Names it in the outbox as `fhir:<id>`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** FHIR base address, without a trailing slash. */
  url: address.transform((text) => withoutEnd(text, '/')),
  /** SMART Backend Services; absent: no authorisation (only fit for a closed network). */
  smart: z
    .strictObject({
      clientId: z.string().min(1),
      /** Private key as JWK in a file that only the service reads: EC P-384 (ES384) or RSA (RS384). */
      keyFile: z.string().min(1),
      scope: z.string().min(1).default('system/*.cud'),
      /** Absent: discovered at /.well-known/smart-configuration. */
      tokenUrl: address.optional(),
    })
    .optional(),
  /** `conditional`: the Patient is looked up on the receiving server by its identifier; it must be there. */
  patients: z.enum(['logical', 'conditional']).default('logical'),
  language: z.enum(['vi', 'en']).default('vi'),
  /** Below it this receiver is not told. */
  from: z.enum(['info', 'warning', 'critical']).default('info'),
});
export type FhirServer = z.infer<typeof server>;

export const fhirSettings = z.strictObject({
  identifiers: identifierSettings.default({}),
  /** Origins (`https://his.example.vn`) that a Subscription may name as its endpoint. */
  subscribers: z.array(address.transform((text) => new URL(text).origin)).default([]),
  servers: z.array(server).default([]),
});
export type FhirSettings = z.infer<typeof fhirSettings>;
