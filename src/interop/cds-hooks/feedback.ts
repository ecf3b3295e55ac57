// Takes feedback on cards, late or twice or for unknown cards, into the alert's history, once.
import { z } from 'zod';
import { derivedUuid } from '#kernel/ids.ts';
import { actTolerantly, type AlertAction } from '#alerts/lifecycle/lifecycle.ts';
import { isOverrideReason } from '#alerts/lifecycle/override-reasons.ts';
import { cdsHooksErrors } from './errors.ts';
import type { CdsHooksPorts } from './ports.ts';

const coding = z.looseObject({
  system: z.string().optional(),
  code: z.string().min(1),
  display: z.string().optional(),
});

const entry = z
  .looseObject({
    card: z.string().min(1).max(200),
    outcome: z.enum(['accepted', 'overridden']),
    acceptedSuggestions: z.array(z.looseObject({ id: z.string().min(1) })).optional(),
    overrideReason: z
      .looseObject({ reason: coding.optional(), userComment: z.string().max(4000).optional() })
      .refine(({ reason, userComment = '' }) => reason !== undefined || userComment.trim() !== '', {
        error: 'a reason or a comment is required (fb-3)',
      })
      .optional(),
    outcomeTimestamp: z.iso.datetime({ offset: true }),
  })
  .refine(({ outcome, acceptedSuggestions }) => outcome !== 'accepted' || (acceptedSuggestions ?? []).length > 0, {
    error: 'required because the outcome is accepted (fb-2)',
    path: ['acceptedSuggestions'],
  });

const body = z.looseObject({ feedback: z.array(entry).min(1).max(1000) });

export type FeedbackEntry = z.infer<typeof entry>;

/** Throws `cds-hooks.bad-request` naming the key, for example `feedback.0.outcomeTimestamp`; then nothing of the body is kept. */
export function readFeedback(value: unknown): readonly FeedbackEntry[] {
  const parsed = body.safeParse(value);
  if (parsed.success) return parsed.data.feedback;
  const [issue] = parsed.error.issues;
  throw cdsHooksErrors.error('bad-request', {
    field: issue === undefined || issue.path.length === 0 ? 'body' : issue.path.map(String).join('.'),
    reason: issue?.message ?? 'does not fit the schema',
  });
}

/** Reasons of other code systems are kept as `other`, with their own code and words beside it. */
function overridden({ overrideReason }: FeedbackEntry): AlertAction {
  const code = overrideReason?.reason?.code ?? '';
  const comment = overrideReason?.userComment?.trim() ?? '';
  if (isOverrideReason(code) && (code !== 'other' || comment !== '')) {
    return { kind: 'overridden', reasonCode: code, ...(comment === '' ? {} : { comment }) };
  }
  const words = [comment, overrideReason?.reason?.display ?? '', code].find((text) => text !== '');
  return { kind: 'overridden', reasonCode: 'other', comment: words ?? 'no reason given' };
}

const actionOf = (one: FeedbackEntry): AlertAction =>
  one.outcome === 'accepted' ? { kind: 'acknowledged' } : overridden(one);

/** The same act reported again has the same identity. */
const identityOf = (one: FeedbackEntry): string =>
  derivedUuid(
    'cds-hooks-feedback',
    one.card,
    one.outcome,
    new Date(one.outcomeTimestamp).toISOString(),
    one.overrideReason?.reason?.code ?? '',
    (one.acceptedSuggestions ?? []).map(({ id }) => id).join(','),
  );

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface FeedbackFrom {
  readonly facilityId: string;
  /** The client that reports it: feedback itself names no person. */
  readonly actor: string;
}

async function take(one: FeedbackEntry, from: FeedbackFrom, ports: CdsHooksPorts): Promise<'alert' | 'other'> {
  const eventId = identityOf(one);
  const alert = UUID.test(one.card) ? await ports.alert(from.facilityId, one.card.toLowerCase()) : undefined;
  if (alert === undefined) {
    const { card, outcome, outcomeTimestamp } = one;
    const action = actionOf(one);
    const reasonCode = action.kind === 'overridden' ? action.reasonCode : null;
    await ports.keepFeedback(from.facilityId, eventId, { card, outcome, outcomeTimestamp, reasonCode });
    return 'other';
  }
  const by = { eventId, at: new Date(one.outcomeTimestamp), actor: from.actor, channel: 'cds-hooks' };
  await ports.record(from.facilityId, actTolerantly(alert, actionOf(one), by), alert.status);
  return 'alert';
}

/** How many spoke of alerts of ours, and how many of other cards. */
export async function takeFeedback(
  entries: readonly FeedbackEntry[],
  from: FeedbackFrom,
  ports: CdsHooksPorts,
): Promise<{ readonly alerts: number; readonly others: number }> {
  let alerts = 0;
  for (const one of entries) if ((await take(one, from, ports)) === 'alert') alerts += 1;
  return { alerts, others: entries.length - alerts };
}
