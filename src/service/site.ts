// Reads the site file (HAIDANG_SITE), a hospital's settings for its systems; an error names the field.
import { withoutEnd } from '#kernel/text-end.ts';
import { z } from 'zod';
import { SEVERITIES } from '#kernel/alert.ts';
import { alertPolicySchema } from '#alerts/policy/policy.ts';
import { canarySchema } from '#models/canary.ts';
import { PATIENT_CODE_SYSTEMS } from '#interop/fhir-model/person.ts';
import { TOPICS } from '#delivery/alert-messages.ts';
import { deliverySettings } from '#delivery/settings.ts';
import { emailSettings } from '#interop/email/settings.ts';
import { interopErrors } from './errors.ts';
import { fhirSettings } from '#interop/fhir/settings.ts';
import { webPriorSettings } from '#interop/dicomweb/priors/settings.ts';
import { pollSettings } from '#interop/dicomweb/poll/settings.ts';
import { dimsePriorSettings, receiverSettings, tlsSettings } from '#interop/dimse/settings.ts';
import { ROLES } from '#access/roles.ts';
import { providerSettings } from '#login/provider.ts';
import { watchSettings } from '#interop/watch-folder/watch.ts';
import { stowSettings } from '#interop/dicomweb/stow-sender.ts';
import { webhookSchema } from '#interop/webhooks/sender.ts';

const address = z.url({ protocol: /^https?$/ }).transform((text) => withoutEnd(text, '/'));
const names = z.array(z.string().min(1));
const facility = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const minutes = z.number().int().positive();

const cdsClient = z
  .strictObject({
    issuer: z.string().min(1),
    jwksUrl: address.optional(),
    jwks: z.looseObject({ keys: z.array(z.record(z.string(), z.unknown())) }).optional(),
    tenants: z.record(z.string(), z.string().min(1)).optional(),
    facilityId: z.string().min(1).default('local'),
  })
  .refine(({ jwksUrl, jwks }) => (jwksUrl === undefined) !== (jwks === undefined), {
    error: 'needs either jwksUrl or jwks',
  });

const cdsHooks = z.strictObject({
  /** Callers must prove who they are with a signed token of one of these; empty: they are not asked. */
  clients: z.array(cdsClient).default([]),
  corsOrigins: names.default([]),
  fhirServers: z.array(address).default([]),
  patientCodeSystems: names.default([...PATIENT_CODE_SYSTEMS]),
  /** The specification wants an answer in half a second. */
  deadlineMs: z.number().int().min(50).max(10_000).default(400),
});

const receivers = z.strictObject({ loginNames: names.default([]), departmentCodes: names.default([]) });

const hispro = z.strictObject({
  /** Absent: HisPro may ask us, and nothing is sent to it or read from it. */
  servers: z.strictObject({ acs: address, mos: address, sda: address }).optional(),
  account: z
    .strictObject({ loginName: z.string().min(1), password: z.string().min(1), applicationCode: z.string().min(1) })
    .optional(),
  timeoutMs: z.number().int().min(100).max(60_000).default(5_000),
  /** Alerts from this severity on become notices. */
  noticesFrom: z.enum(SEVERITIES).default('critical'),
  /** Who the policy's roles are in HisPro. */
  roles: z.record(z.string(), receivers).default({}),
  viewerKey: z.string().min(16).optional(),
  allowedNetworks: names.default([]),
  answerWithinMs: z.number().int().min(50).max(5_000).default(800),
  /** HisPro's laboratory values carry no unit: per test code, what it measures and in which UCUM unit. */
  testCodes: z.record(z.string(), z.strictObject({ loinc: z.string().min(1), unit: z.string().min(1) })).default({}),
  genderIds: z.strictObject({ female: z.number().int(), male: z.number().int() }).default({ female: 1, male: 2 }),
});

const webhook = webhookSchema.extend({
  from: z.enum(SEVERITIES).default('info'),
  topics: z
    .array(z.enum(TOPICS))
    .min(1)
    .default([...TOPICS]),
});

const priors = z.strictObject({
  /** Asked in this order. */
  from: z.array(z.discriminatedUnion('kind', [webPriorSettings, dimsePriorSettings])).min(1),
  modalities: z
    .array(z.string().regex(/^[A-Z0-9]{1,16}$/))
    .min(1)
    .default(['CR', 'DX']),
  /** Studies per film that arrives, the newest first. */
  most: z.number().int().min(1).max(20).default(3),
  years: z.number().int().min(1).max(50).default(5),
  /** Of the bytes of all fetched films; the longest here go first. */
  quotaMiB: z.number().int().min(1).default(10_240),
});

const backendClient = z
  .strictObject({
    clientId: z.string().min(1).max(200),
    role: z.enum(ROLES).default('his'),
    facilityId: facility.default('local'),
    jwksUrl: address.optional(),
    jwks: z.looseObject({ keys: z.array(z.record(z.string(), z.unknown())) }).optional(),
  })
  .refine(({ jwksUrl, jwks }) => (jwksUrl === undefined) !== (jwks === undefined), {
    error: 'needs either jwksUrl or jwks',
  });

const access = z.strictObject({
  /** A page at which nobody does anything asks for the login again. */
  idleMinutes: minutes.max(720).default(30),
  /** The hospital's OpenID Connect provider. Absent: local accounts only. */
  provider: providerSettings.optional(),
  /** Systems that prove themselves with a signed assertion (SMART Backend Services). */
  clients: z.array(backendClient).default([]),
});

const dicom = z.strictObject({
  /** PACS that receive SR, SEG and SC of each assessed study by STOW-RS. */
  stow: z.array(stowSettings).default([]),
  /** Archives that are asked for new films. */
  poll: z.array(pollSettings).default([]),
  /** PACS that receive SR, SEG and SC by C-STORE, beside those of HAIDANG_DICOM_SEND. */
  send: z.array(receiverSettings).default([]),
  /** Absent: DICOM without TLS. */
  tls: tlsSettings.optional(),
  /** Absent: only films that are here are compared with. */
  priors: priors.optional(),
  /** Folders into which files are put. */
  watch: z.array(watchSettings).default([]),
});

const siteSchema = z.strictObject({
  /** How others reach this service; in links, and as the audience of tokens. Absent: the address that it listens at. */
  publicUrl: address.optional(),
  defaultLanguage: z.enum(['vi', 'en']).default('vi'),
  /** Whose doors those are that name no facility: HL7, DIMSE, HisPro, watched folders, polled archives. */
  facility: facility.default('local'),
  linkMinutes: minutes.default(480),
  /** Share of this site's patients who have a finding, by the head's code: probabilities are moved to it. Absent: the model's own declaration. */
  prevalence: z.record(z.string().min(1), z.number().gt(0).lt(1)).default({}),
  /** A version of the reading model that reads a share of the studies; read again at each reload of the models. */
  canary: canarySchema.optional(),
  /** Absent: the built-in one. Try a change first with `haidang alerts simulate`. */
  alertPolicy: alertPolicySchema.optional(),
  access: access.prefault({}),
  cdsHooks: cdsHooks.prefault({}),
  fhir: fhirSettings.prefault({}),
  dicom: dicom.prefault({}),
  hispro: hispro.prefault({}),
  webhooks: z.array(webhook).default([]),
  pages: z
    .strictObject({
      /** The pre-read of a film is shown after the reader's own first reading. */
      firstRead: z.boolean().default(false),
    })
    .prefault({}),
  /** Absent: no e-mail is ever sent. */
  email: emailSettings.optional(),
  delivery: deliverySettings.prefault({}),
});
export type Site = z.infer<typeof siteSchema>;

/** What holds where a site has written nothing: everything that sends is off. */
export const defaultSite: Site = siteSchema.parse({});

/** Throws `interop.site` naming the field, never its value: the file holds secrets. */
export function readSite(text: string): Site {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw interopErrors.error('site', { field: 'file', reason: 'not valid JSON' });
  }
  const parsed = siteSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw interopErrors.error('site', { field: path === '' ? 'file' : path, reason: issue?.message ?? 'does not fit' });
}
