// A stream of random numbers per seed and name: the same two always give the same stream, on every machine.

export interface Random {
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** Whole number in [from, to], both included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Standard normal, cut at ±3 so that no anatomy goes astray. */
  normal(): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** FNV-1a, 32 bit: names a stream, so that one structure's draws never shift another's. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for drawing pictures. */
export function random(seed: number, stream: string): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ hash32(stream)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (from: number, to: number): number => from + (to - from) * next();
  return {
    between,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    normal: () => {
      const value = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.max(-3, Math.min(3, value));
    },
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}
