// Bytes of data sets that all associations hold together: past the limit a data set is read past and refused as out of resources, so
// that memory stays bounded however many send at once.

export interface MemoryLimit {
  /** One association's share. */
  share(): { hold(bytes: number): boolean; release(): void };
}

export function createMemoryLimit(limitBytes: number): MemoryLimit {
  let used = 0;
  return {
    share() {
      let held = 0;
      return {
        hold(bytes) {
          if (used + bytes > limitBytes) return false;
          used += bytes;
          held += bytes;
          return true;
        },
        release() {
          used -= held;
          held = 0;
        },
      };
    },
  };
}
