// Checks the body of a hook call; an error names the key (CDS Hooks 2.0, "HTTP Request").
import { z } from 'zod';
import { cdsHooksErrors } from '#interop/cds-hooks/errors.ts';

export const HOOKS = ['patient-view', 'order-select', 'order-sign', 'encounter-start'] as const;
export type Hook = (typeof HOOKS)[number];

/** Ids end up in addresses of a FHIR server and in keys: bounded, and without control characters. */
const text = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters');
const resource = z.looseObject({ resourceType: z.string().min(1) });
const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.looseObject({ resource: resource.optional() })).optional(),
});

/** Also FHIR's `urn:uuid:` form; any version, because clients derive theirs as they like. */
const uuid = text.regex(/^(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a UUID');
/** Nothing of it is read, but the specification says that it is an object: null or a text is a fault. */
const extension = z.looseObject({}).optional();

const patientContext = z.looseObject({
  userId: text,
  // A dot or two would be another address of the FHIR server.
  patientId: text.regex(/[^.]/, 'must be an id'),
  encounterId: text.optional(),
  extension,
});

const contexts = {
  'patient-view': patientContext,
  'order-select': patientContext.extend({ selections: z.array(text).min(1), draftOrders: bundle }),
  'order-sign': patientContext.extend({ draftOrders: bundle }),
  'encounter-start': patientContext.extend({ encounterId: text }),
} satisfies Record<Hook, z.ZodType>;

const fhirAuthorization = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int(),
  scope: z.string(),
  subject: z.string().min(1),
  patient: text.optional(),
  extension,
});

const envelope = z.looseObject({
  hook: z.enum(HOOKS),
  hookInstance: uuid,
  fhirServer: z.url({ protocol: /^https?$/ }).optional(),
  fhirAuthorization: fhirAuthorization.optional(),
  context: z.looseObject({}),
  extension,
  /** A key that is absent could not be fetched, `null` means that there is no data: both are told apart here. */
  prefetch: z.record(z.string(), resource.nullable()).optional(),
});

export interface HookRequest {
  readonly hook: Hook;
  readonly hookInstance: string;
  readonly patientId: string;
  readonly fhirServer?: string;
  readonly accessToken?: string;
  readonly prefetch: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
}

const refuse = (issue: z.core.$ZodIssue | undefined, under: readonly string[]) => {
  const path = [...under, ...(issue?.path ?? []).map(String)];
  return cdsHooksErrors.error('bad-request', {
    field: path.length === 0 ? 'body' : path.join('.'),
    reason: issue?.message ?? 'does not fit the schema',
  });
};

/** Unknown keys and `extension` are no fault. Throws `cds-hooks.bad-request` with the dotted key in `field`. */
export function readHookRequest(body: unknown): HookRequest {
  const whole = envelope.safeParse(body);
  if (!whole.success) throw refuse(whole.error.issues[0], []);
  const { hook, hookInstance, fhirServer, fhirAuthorization: authorization, prefetch } = whole.data;
  const context = contexts[hook].safeParse(whole.data.context);
  if (!context.success) throw refuse(context.error.issues[0], ['context']);
  // Invariant cds-r-1: an authorisation is for a server.
  if (authorization !== undefined && fhirServer === undefined) {
    throw cdsHooksErrors.error('bad-request', {
      field: 'fhirServer',
      reason: 'required because fhirAuthorization is present',
    });
  }
  return {
    hook,
    hookInstance,
    patientId: context.data.patientId,
    ...(fhirServer === undefined ? {} : { fhirServer }),
    ...(authorization === undefined ? {} : { accessToken: authorization.access_token }),
    prefetch: prefetch ?? {},
  };
}
