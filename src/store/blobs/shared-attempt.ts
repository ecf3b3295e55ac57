// Work that several callers ask for and that is done once: they share the attempt that runs or that succeeded; after one that failed the
// next caller begins anew.

export interface SharedAttempt<T> {
  run(): Promise<T>;
  /** Resolves when no attempt runs, however it ended. */
  ended(): Promise<void>;
}

export function sharedAttempt<T>(work: () => Promise<T>): SharedAttempt<T> {
  let running: Promise<T> | undefined;
  return {
    run() {
      running ??= work().catch((thrown: unknown) => {
        running = undefined;
        throw thrown;
      });
      return running;
    },
    async ended() {
      await running?.catch(() => undefined);
    },
  };
}
