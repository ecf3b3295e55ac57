// Words that fit: titles inside a sentence, and summaries no longer than a CDS Hooks card allows.

/** CDS Hooks: the summary is shorter than 140 characters. */
const SUMMARY_LIMIT = 139;

/** A title in the middle of a sentence: its first letter small, unless it is an abbreviation such as `COPD` or `G5`. */
export function inSentence(title: string): string {
  const [first = '', second = ''] = title;
  const abbreviation = /^[\p{Lu}\p{Nd}]/u.test(second);
  return abbreviation ? title : first.toLowerCase() + title.slice(first.length);
}

/** Cuts between whole characters (code points, never inside a surrogate pair) and says so with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length > limit - 1) break;
    cut += character;
  }
  return `${cut.trimEnd()}…`;
}

/** Builds a summary around a title; when it is too long, the title gives way, so that number and examination stay readable. */
export function fitSummary(build: (title: string) => string, title: string): string {
  const whole = build(title);
  if (whole.length <= SUMMARY_LIMIT) return whole;
  const room = Math.max(title.length - (whole.length - SUMMARY_LIMIT), 1);
  return shorten(build(shorten(title, room)), SUMMARY_LIMIT);
}

/**
 * Whole percents; near the ends it says `<1%` and `>99%`, because no calibration supports a certainty of 0 or 100 %. `gap` stands
 * before and after the number.
 */
export function percent(probability: number, gap = ''): string {
  if (probability > 0.99) return `>${gap}99${gap}%`;
  if (probability < 0.01) return `<${gap}1${gap}%`;
  return `${Math.round(probability * 100)}${gap}%`;
}
