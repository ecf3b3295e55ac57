// Chooses one of our two languages from Accept-Language.
import type { Language } from '#kernel/errors.ts';

/** By RFC 9110 weights; the first of equal ones wins. `fallback` for a missing header, for `*` and for languages that we do not speak. */
export function preferredLanguage(header: string | undefined, fallback: Language): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((piece) => piece.startsWith('q='));
      const q = weight === undefined ? 1 : Number(weight.slice(2));
      return { language: range.split('-')[0] ?? '', q: Number.isFinite(q) ? q : 0 };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { language } of wanted) {
    if (language === 'vi' || language === 'en') return language;
    if (language === '*') return fallback;
  }
  return fallback;
}
