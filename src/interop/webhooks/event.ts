// A message becomes a CloudEvents 1.0 envelope, the same bytes at every attempt.
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';

export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, unknown>>;
}

const TYPE_PREFIX = 'org.haidang.';

function alertIdOf(body: ClaimedMessage['body']): string | undefined {
  const { alert } = body;
  return typeof alert === 'object' && alert !== null && 'id' in alert && typeof alert.id === 'string'
    ? alert.id
    : undefined;
}

/** `subject` is the alert's id, never the patient's. */
export function cloudEventOf(message: ClaimedMessage, publicUrl: string): CloudEvent {
  const subject = alertIdOf(message.body);
  return {
    specversion: '1.0',
    id: message.id,
    source: `${publicUrl}/facilities/${encodeURIComponent(message.facilityId)}`,
    type: `${TYPE_PREFIX}${message.topic}`,
    ...(subject === undefined ? {} : { subject }),
    time: message.createdAt,
    datacontenttype: 'application/json',
    data: message.body,
  };
}
