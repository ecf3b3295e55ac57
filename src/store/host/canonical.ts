// A value → the one JSON text that stands for it (keys sorted, nothing optional left open), so that hashes can be compared.

/** What PostgreSQL cannot keep in text or jsonb (NUL, half a surrogate pair) becomes U+FFFD, visibly. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Throws for what JSON cannot say: a number that is not finite would become null unseen. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'string') return JSON.stringify(storableText(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('a number that is not finite has no JSON');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(storableText(key))}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new Error(`a ${typeof value} has no JSON`);
}
