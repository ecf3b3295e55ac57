// Bytes of uploads that are in memory at once: past the limit a body is read no further until others are done, so its sender waits and memory
// stays bounded. The one that came first always goes on, so they never all wait for each other.

export interface HeldBytes {
  share(): ByteShare;
}

export interface ByteShare {
  /** Resolves when so many more bytes may be held. */
  hold(bytes: number): Promise<void>;
  /** A file is done: its bytes are free for others. */
  release(): void;
  /** Also releases. */
  end(): void;
}

export function createHeldBytes(limitBytes: number): HeldBytes {
  /** In the order of coming. */
  const shares = new Set<object>();
  let used = 0;
  let wake = Promise.withResolvers<void>();

  function changed(): void {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  }

  return {
    share() {
      const own = {};
      let held = 0;
      shares.add(own);
      const release = (): void => {
        used -= held;
        held = 0;
        changed();
      };
      const isFirst = (): boolean => shares.values().next().value === own;
      return {
        async hold(bytes) {
          const mustWait = (): boolean => used + bytes > limitBytes && !isFirst();
          while (mustWait()) await wake.promise;
          used += bytes;
          held += bytes;
        },
        release,
        end() {
          shares.delete(own);
          release();
        },
      };
    },
  };
}
