// Delivers alerts as HisPro notices from the outbox; one message may be two notices, and each arrives once.
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import type { Delivery, Sender } from '#delivery/ports.ts';
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';
import type { HisClient } from '#interop/hispro/client/his-client.ts';
import { alreadyThere, noticesFor, sendNotice, type NoticeAlert, type NoticeOptions } from './notice.ts';

export const HISPRO_TARGET = 'hispro';

const texts = z.object({ vi: z.string(), en: z.string() });
const names = z.array(z.string());

/** What a notice needs of the stored alert. */
const stored = z.looseObject({
  id: z.string(),
  summary: texts,
  subject: z.looseObject({ patientCode: z.string(), accessionNumber: z.string().optional() }),
  audience: z.looseObject({ loginNames: names, departmentCodes: names, roles: names }),
  createdAt: z.string(),
  expiresAt: z.string(),
});

/** It is told to those whom it names, from its own time on: also where these had the first notice. */
const escalation = z.looseObject({ at: z.string(), detail: z.looseObject({ to: stored.shape.audience }) });

function alertOf(message: ClaimedMessage): NoticeAlert | null {
  const parsed = stored.safeParse(message.body['alert']);
  if (!parsed.success) return null;
  const { accessionNumber, patientCode } = parsed.data.subject;
  const event = escalation.safeParse(message.body['event']).data;
  return {
    ...parsed.data,
    subject: { patientCode, ...(accessionNumber === undefined ? {} : { accessionNumber }) },
    ...(event && { audience: event.detail.to, createdAt: event.at }),
  };
}

/** No receiver, or a shape that is not ours: a person must look. Everything else may be better in a minute. */
const verdictOf = (thrown: unknown): Delivery =>
  thrown instanceof CareError && thrown.code === 'hispro.no-receiver'
    ? { kind: 'refused', reason: thrown.code }
    : { kind: 'later', reason: thrown instanceof CareError ? `${thrown.code}: ${thrown.reason}` : 'fault' };

export const noticeSender = (client: HisClient, options: NoticeOptions): Sender => ({
  target: HISPRO_TARGET,
  async send(message, signal) {
    const alert = alertOf(message);
    if (alert === null) return { kind: 'refused', reason: 'not an alert' };
    try {
      for (const notice of noticesFor(alert, options)) {
        // HisPro cannot tell a resend from a new notice, so it is asked before the second attempt.
        const arrived = message.attempt > 1 && (await alreadyThere(client, notice, alert.id, signal));
        if (!arrived) await sendNotice(client, notice, signal);
      }
      return { kind: 'delivered' };
    } catch (thrown) {
      return verdictOf(thrown);
    }
  },
});
