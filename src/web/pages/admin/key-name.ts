// The name of the key that takes another's place: both are there until the receiver has changed over, and no two have one name.
const MOST_LETTERS = 63;

export function nextKeyName(name: string, taken: readonly string[]): string {
  const [, base = name, number = '1'] = /^(.*)-(\d{1,4})$/.exec(name) ?? [];
  for (let next = Number(number) + 1; ; next += 1) {
    const suffix = `-${next}`;
    const candidate = `${base.slice(0, MOST_LETTERS - suffix.length)}${suffix}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
