// Settings of DICOM over the network in the site file: receivers of results, archives of earlier films, keys for TLS.
import { z } from 'zod';

const peer = {
  aeTitle: z.string().regex(/^[\x21-\x5b\x5d-\x7e]{1,16}$/, 'must be 1 to 16 characters without spaces'),
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  /** The peer speaks TLS: with the keys of `dicom.tls`. */
  tls: z.boolean().default(false),
};

export const receiverSettings = z.strictObject(peer);

/** Asked by C-FIND; `c-get` brings films over the same association, `c-move` to our own port, whose title and address the PACS must know. */
export const dimsePriorSettings = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  kind: z.enum(['c-get', 'c-move']),
  ...peer,
});
export type DimsePriorSettings = z.infer<typeof dimsePriorSettings>;

/** PEM files, beside the site file where they are relative. Both sides show a certificate (PS3.15, BCP 195). */
export const tlsSettings = z.strictObject({
  /** We listen here with TLS; absent: only as the one who calls. */
  port: z.number().int().min(0).max(65_535).optional(),
  certificate: z.string().min(1),
  key: z.string().min(1),
  /** Whose certificates are believed. */
  authorities: z.string().min(1),
});
