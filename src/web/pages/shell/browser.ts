// Clock and chance of the browser, at one place as in the service.
export const nowMs = (): number => Date.now();

/** The sender's identity of an act, so that sent twice it is one. A browser gives UUIDs only over HTTPS and on this machine; without one
 * the service makes it. */
export const eventId = (): { readonly eventId?: string } =>
  'randomUUID' in crypto ? { eventId: crypto.randomUUID() } : {};
