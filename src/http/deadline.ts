// Stops waiting for slow work at a deadline, so that an answer is never late; the work itself goes on.

export const LATE = Symbol('late');

/** A caller that gets `LATE` must still catch the work's own failure. */
export async function orLate<Value>(work: Promise<Value>, ms: number): Promise<Value | typeof LATE> {
  const { promise, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => resolve(LATE), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
