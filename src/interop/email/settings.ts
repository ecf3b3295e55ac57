// Settings of e-mails about waiting alerts; without them no e-mail is sent.
import { z } from 'zod';
import { SEVERITIES } from '#kernel/alert.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

export const emailSettings = z
  .strictObject({
    /** Of the hospital's mail server. */
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    /** `implicit`: from the first byte on (465). `starttls`: a server that does not offer it is not used (587). `none`: to this machine only. */
    tls: z.enum(['implicit', 'starttls', 'none']).default('starttls'),
    account: z.strictObject({ user: z.string().min(1), password: z.string().min(1) }).optional(),
    from: z.email(),
    to: z.array(z.email()).min(1),
    /** How the e-mail names the hospital. */
    facilityName: z
      .string()
      .trim()
      .min(1)
      .max(120)
      .regex(/^[^\p{Cc}]*$/u),
    noticesFrom: z.enum(SEVERITIES).default('critical'),
  })
  .refine(({ tls, host }) => tls !== 'none' || LOOPBACK.has(host), {
    path: ['tls'],
    error: 'may be none only towards this machine',
  });
export type EmailSettings = z.infer<typeof emailSettings>;
