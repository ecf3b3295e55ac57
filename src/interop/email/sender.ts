// Tells by e-mail that alerts wait, from the outbox: one e-mail speaks of all that nobody has answered, and is not repeated for each of them.
import { z } from 'zod';
import type { Alert, Severity } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import { rankOf } from '#alerts/policy/policy.ts';
import type { Delivery, Sender } from '#delivery/ports.ts';
import { postTo } from './post.ts';
import type { EmailSettings } from './settings.ts';
import { mailText } from './words.ts';

export const EMAIL_TARGET = 'email';

/** The subset of a facility's store that is counted here. */
export interface EmailStore {
  readonly alerts: {
    list(filter: {
      readonly statuses: readonly ('new' | 'seen')[];
      readonly limit: number;
    }): Promise<readonly Pick<Alert, 'id' | 'severity'>[]>;
  };
}

export interface EmailDeps {
  readonly language: Language;
  readonly publicUrl: () => string;
  readonly facility: (id: string) => Promise<EmailStore>;
}

const bodySchema = z.object({ alertId: z.string() });
const MAX_ALERTS = 1_000;

const countsOf = (alerts: readonly Pick<Alert, 'severity'>[]): Record<Severity, number> => {
  const counts: Record<Severity, number> = { info: 0, warning: 0, critical: 0 };
  for (const { severity } of alerts) counts[severity] += 1;
  return counts;
};

export function emailSender(settings: EmailSettings, { language, publicUrl, facility }: EmailDeps): Sender {
  const post = postTo(settings);
  /** Per facility: the alerts of which the last e-mail spoke. Forgotten at a restart, which costs one e-mail more and never one less. */
  const told = new Map<string, ReadonlySet<string>>();
  const from = rankOf(settings.noticesFrom);

  return {
    target: EMAIL_TARGET,
    async send(message, signal): Promise<Delivery> {
      const body = bodySchema.safeParse(message.body);
      if (!body.success) return { kind: 'refused', reason: 'not an alert' };
      const { alerts } = await facility(message.facilityId);
      const unanswered = await alerts.list({ statuses: ['new', 'seen'], limit: MAX_ALERTS });
      const waiting = unanswered.filter(({ severity }) => rankOf(severity) >= from);
      const known = told.get(message.facilityId) ?? new Set();
      // An escalation repeats on purpose, for its own alert; a new alert is told unless an e-mail has spoken of it, or somebody has answered.
      const repeats = message.topic === 'alert.escalated' && waiting.some(({ id }) => id === body.data.alertId);
      if (!repeats && waiting.every(({ id }) => known.has(id))) return { kind: 'delivered' };
      const facts = {
        facilityName: settings.facilityName,
        counts: countsOf(waiting),
        worklist: `${publicUrl()}/`,
      };
      const delivery = await post({ id: message.id, ...mailText(facts, language) }, signal);
      if (delivery.kind === 'delivered') told.set(message.facilityId, new Set(waiting.map(({ id }) => id)));
      return delivery;
    },
  };
}
