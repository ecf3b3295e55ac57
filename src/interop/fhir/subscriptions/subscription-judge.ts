// Judges a Subscription as it was sent: the kept part of it, or the element at fault.
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import { type Asked, parseSearch, type SearchParameter, type SearchRules } from '#interop/fhir/search/parse.ts';
import { isSafeAddress } from '#interop/fhir/settings.ts';
import { ISSUE_STATUS } from '#interop/fhir/views/detected-issue.ts';

const INSTANT = z.iso.datetime({ offset: true });

const extension = z.array(z.looseObject({ url: z.string() })).optional();

/** R4 Subscription, as far as it is used here; what is not known is refused rather than silently not done. Extensions may be passed over (R4). */
const given = z.strictObject({
  resourceType: z.literal('Subscription'),
  id: z.string().optional(),
  meta: z.looseObject({}).optional(),
  language: z.string().optional(),
  text: z.looseObject({}).optional(),
  extension,
  status: z.enum(['requested', 'active', 'error', 'off']),
  contact: z.array(z.looseObject({})).optional(),
  end: INSTANT.optional(),
  reason: z.string().min(1),
  criteria: z.string().min(1).max(1000),
  error: z.string().optional(),
  channel: z.strictObject({
    id: z.string().optional(),
    extension,
    type: z.literal('rest-hook'),
    endpoint: z.string().max(2000),
    payload: z.enum(['application/fhir+json', 'application/json']).optional(),
    header: z
      .array(z.string().regex(/^[A-Za-z0-9-]+: ?[\u0020-\u007e]+$/, 'must be Name: value'))
      .max(10)
      .optional(),
  }),
});

export const stored = z.object({
  reason: z.string(),
  criteria: z.string(),
  end: z.string().optional(),
  endpoint: z.string(),
  payload: z.string().optional(),
  header: z.array(z.string()).default([]),
  off: z.boolean().optional(),
  /** Why the last message did not arrive; absent where it did. */
  error: z.string().optional(),
});
export type Wanted = z.infer<typeof stored>;

/** What criteria may ask of an alert. */
const CRITERIA: readonly SearchParameter[] = [
  { name: 'status', type: 'token', asks: 'status', own: true },
  { name: 'patient', type: 'reference', asks: 'patient' },
];

/** Headers that say where the body goes or what it is are ours. */
const OUR_HEADERS = new Set([
  'host',
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'x-request-id',
]);

const SUBSCRIBED: SearchRules = {
  type: 'DetectedIssue',
  parameters: CRITERIA,
  sorts: [],
  includes: new Map(),
  hasProvenance: false,
};

const STATUSES: ReadonlySet<string> = new Set(Object.values(ISSUE_STATUS));

const wrong = (reason: string) => fhirErrors.error('unprocessable', { field: 'Subscription.criteria', reason });

function parsed(parameters: readonly (readonly [string, string])[]) {
  try {
    return parseSearch(parameters, SUBSCRIBED, new Date(0));
  } catch (thrown) {
    throw thrown instanceof CareError ? wrong(`${thrown.field}: ${thrown.reason}`) : thrown;
  }
}

/** What kept criteria ask; undefined where an earlier version took what this one cannot read: then nothing is asked. */
export function keptCriteria(criteria: string): Asked | undefined {
  try {
    return askedBy(criteria);
  } catch (thrown) {
    if (thrown instanceof CareError) return undefined;
    throw thrown;
  }
}

/** Throws `fhir.unprocessable`. */
function askedBy(criteria: string): Asked {
  const at = criteria.indexOf('?');
  const type = at < 0 ? criteria : criteria.slice(0, at);
  if (type !== 'DetectedIssue') {
    throw wrong('only DetectedIssue can be subscribed to');
  }
  const parameters = at < 0 ? [] : [...new URLSearchParams(criteria.slice(at + 1))];
  // The time plays no part: no criterion is a date.
  const { asked, unknown } = parsed(parameters);
  const only = parameters.every(([name]) => !name.startsWith('_'));
  if (unknown.length > 0 || !only) throw wrong('only status and patient can be asked for');
  const statuses = asked.tokens.filter(({ asks }) => asks === 'status').flatMap(({ anyOf }) => anyOf);
  if (!statuses.every(({ value }) => STATUSES.has(value))) throw wrong('no issue here ever has such a status');
  return asked;
}

/** Throws `fhir.bad-resource` or `fhir.unprocessable` with the element at fault. */
export function readSubscription(body: unknown, subscribers: readonly string[]): Wanted {
  const read = given.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    const extra = issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
    const field = ['Subscription', ...(issue?.path.map(String) ?? []), ...extra].join('.');
    throw fhirErrors.error('bad-resource', { field, reason: issue?.message ?? 'not a Subscription' });
  }
  const { criteria, reason, end, channel, status } = read.data;
  askedBy(criteria);
  const origin = URL.parse(channel.endpoint)?.origin ?? '';
  if (!isSafeAddress(channel.endpoint) || !subscribers.includes(origin)) {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.channel.endpoint',
      reason: 'this site has not named the address as a subscriber (fhir.subscribers)',
    });
  }
  const header = channel.header ?? [];
  const foreign = header.find((one) => OUR_HEADERS.has(one.slice(0, one.indexOf(':')).toLowerCase()));
  if (foreign !== undefined) {
    throw fhirErrors.error('unprocessable', {
      field: 'Subscription.channel.header',
      reason: 'this header is set here',
    });
  }
  return {
    criteria,
    reason,
    endpoint: channel.endpoint,
    header,
    ...(status === 'off' && { off: true }),
    ...(end !== undefined && { end }),
    ...(channel.payload !== undefined && { payload: channel.payload }),
  };
}
